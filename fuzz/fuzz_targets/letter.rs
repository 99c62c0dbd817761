#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| shoptalk_fuzz::letter(data));
