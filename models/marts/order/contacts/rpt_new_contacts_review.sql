{{ record_report(ref("fct_contact_reviews")) }}
