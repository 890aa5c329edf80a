{{ report(ref("fct_path_stages")) }}
