//! Words: normalising, splitting, stemming, spelling. Never here: what a shop is.
