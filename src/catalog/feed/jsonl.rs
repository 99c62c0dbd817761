//! One product a line.

use super::Reading;
use super::gather::Gathering;
use crate::catalog::parse_line;
use crate::sheet::Refused;

pub(super) fn read(
    text: &str,
    reading: &Reading,
    into: &mut Gathering,
    progress: &mut impl FnMut(u64),
) {
    let mut done = 0;
    for (line, number) in text.lines().zip(1..) {
        done += line.len() as u64 + 1;
        progress(done);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let refused = |reason: String| Refused {
            line: number,
            reason,
            row: line.to_owned(),
        };
        match parse_line(line, reading.currency) {
            Ok(product) => match into.claim(&product.sku, number) {
                Ok(()) => {
                    let sku = product.sku.clone();
                    into.product(&sku, || product);
                }
                Err(first) => {
                    let reason = format!("`sku`: {} stands in line {first} already", product.sku);
                    into.refuse(refused(reason));
                }
            },
            Err(error) => into.refuse(refused(error.to_string())),
        }
    }
}
