{{ report(ref("fct_stage_visits")) }}
