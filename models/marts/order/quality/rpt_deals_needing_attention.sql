{{ record_report(ref("fct_deal_issues")) }}
