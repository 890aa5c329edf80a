{{ report(ref("fct_record_cleanliness")) }}
