{{ report(ref("fct_activities")) }}
