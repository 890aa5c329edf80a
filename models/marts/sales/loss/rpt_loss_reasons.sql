{{ report(ref("fct_deals")) }}
