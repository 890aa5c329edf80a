{{ report(ref("fct_leads")) }}
