{{ report(ref("fct_deal_stages")) }}
