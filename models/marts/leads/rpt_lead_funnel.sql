{{ report(ref("fct_lead_stages")) }}
