//! A file of a stranger becomes a picture of ours: nothing of it is kept but what is seen.

use super::UploadError;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// Pixels of a picture that is opened at all: a phone's camera has 12 million, and each takes up to ten bytes while it is read.
pub const MOST_PIXELS: u64 = 24_000_000;
/// Of either side.
const LONGEST_SIDE: u32 = 16_000;
/// What a decoder may allocate beside the picture, in bytes.
const MOST_MEMORY: u64 = 256 << 20;
/// Pixels of the longer side that are kept: enough to read a receipt by.
const KEPT_SIDE: u32 = 2_000;
/// Of a hundred.
const QUALITY: u8 = 85;

/// A JPEG that this program made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Reads JPEG, PNG or WebP, told by its bytes, and writes it anew: upright, at most 2,000 pixels long, without places,
/// times, names or anything else that stood beside or behind the picture.
///
/// Takes memory and time with the pixels, about a second for the largest; no input panics.
///
/// # Errors
/// [`UploadError::NotAPhoto`], [`UploadError::TooManyPixels`] or [`UploadError::Damaged`].
pub fn read(bytes: &[u8]) -> Result<Picture, UploadError> {
    let format = kind(bytes).ok_or(UploadError::NotAPhoto)?;
    if format == ImageFormat::Jpeg && !is_whole(bytes) {
        return Err(UploadError::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(UploadError::Damaged);
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(UploadError::TooManyPixels);
    }
    // A picture without a word on it stands upright.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if width.max(height) > KEPT_SIDE {
        picture = picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
    }
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    written(&on_white(&picture))
}

/// What the first bytes say, whatever the name or the header said.
fn kind(bytes: &[u8]) -> Option<ImageFormat> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Some(format),
        _ => None,
    }
}

fn refused(error: ImageError) -> UploadError {
    match error {
        ImageError::Limits(_) => UploadError::TooManyPixels,
        _ => UploadError::Damaged,
    }
}

/// What shows through becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    let over = |part: u8, alpha: u8| {
        let (part, alpha) = (u32::from(part), u32::from(alpha));
        u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
    };
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, alpha] = seen.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|part| over(part, alpha)))
    })
}

fn written(picture: &RgbImage) -> Result<Picture, UploadError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(picture)
        .map_err(|_| UploadError::Damaged)?;
    Ok(Picture {
        jpeg,
        width: picture.width(),
        height: picture.height(),
    })
}

/// Whether a JPEG has its end: a decoder paints what is missing grey and says nothing.
fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[mark, code]) = bytes.get(at..at + 2).and_then(|two| two.first_chunk()) {
        match (mark, code) {
            (0xff, 0xd9) => return true,
            // Fill bytes, and marks without a length.
            (0xff, 0xff) => at += 1,
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, _) => {
                let Some(&[high, low]) =
                    bytes.get(at + 2..at + 4).and_then(|two| two.first_chunk())
                else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
                if code == 0xda {
                    at = end_of_scan(bytes, at);
                }
            }
            _ => return false,
        }
    }
    false
}

/// Where the mark behind the packed pixels is.
fn end_of_scan(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&[mark, code]) = bytes.get(at..at + 2).and_then(|two| two.first_chunk()) {
        if mark == 0xff && !matches!(code, 0x00 | 0xd0..=0xd7) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    /// Two colours, side by side.
    fn halves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                Rgb([200, 30, 30])
            } else {
                Rgb([30, 30, 200])
            }
        })
    }

    fn as_file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture: DynamicImage = picture.into();
        picture
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    fn opened(picture: &Picture) -> RgbImage {
        image::load_from_memory_with_format(&picture.jpeg, ImageFormat::Jpeg)
            .unwrap()
            .to_rgb8()
    }

    /// With an EXIF part behind the first two bytes: turned by `orientation`, and a place.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"GPS 59.9139 10.7522");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut all = jpeg[..2].to_vec();
        all.extend([0xff, 0xe1]);
        all.extend(length);
        all.extend(exif);
        all.extend(&jpeg[2..]);
        all
    }

    #[test]
    fn jpeg_png_and_webp_become_a_jpeg_of_ours() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let picture = read(&as_file(halves(40, 20), format)).unwrap();
            assert_eq!((picture.width, picture.height), (40, 20), "{format:?}");
            assert_eq!(
                image::guess_format(&picture.jpeg).unwrap(),
                ImageFormat::Jpeg
            );
            let Rgb([red, _, blue]) = *opened(&picture).get_pixel(5, 10);
            assert!(red > 150 && blue < 90, "{format:?}");
        }
    }

    #[test]
    fn what_stands_beside_and_behind_the_picture_is_gone_and_it_stands_upright() {
        let mut sent = with_exif(&as_file(halves(40, 20), ImageFormat::Jpeg), 6);
        sent.extend(b"<script>alert(1)</script>PK\x03\x04");
        let picture = read(&sent).unwrap();
        assert_eq!(
            (picture.width, picture.height),
            (20, 40),
            "turned a quarter"
        );
        let Rgb([red, ..]) = *opened(&picture).get_pixel(10, 5);
        assert!(red > 150, "its left is above");
        for secret in [&b"Exif"[..], b"GPS", b"<script", b"PK\x03\x04"] {
            let found = picture
                .jpeg
                .windows(secret.len())
                .any(|part| part == secret);
            assert!(!found, "{}", String::from_utf8_lossy(secret));
        }
    }

    #[test]
    fn a_large_photo_is_made_smaller_and_glass_becomes_white() {
        let picture = read(&as_file(halves(3000, 30), ImageFormat::Png)).unwrap();
        assert_eq!((picture.width, picture.height), (2000, 20));
        let glass = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
        let picture = read(&as_file(glass, ImageFormat::Png)).unwrap();
        assert!(
            opened(&picture)
                .get_pixel(4, 4)
                .0
                .iter()
                .all(|part| *part > 250)
        );
    }

    #[test]
    fn what_is_no_photo_is_refused_whatever_it_calls_itself() {
        for other in [
            &b""[..],
            b"\xff",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<!doctype html><script>alert(1)</script>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"BM\x3a\0\0\0",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"#!/bin/sh\nrm -rf /",
        ] {
            let refusal = read(other).unwrap_err();
            assert!(matches!(refusal, UploadError::NotAPhoto), "{refusal}");
        }
        for disguised in [
            &b"\xff\xd8\xff<svg onload=alert(1)>"[..],
            b"\x89PNG\r\n\x1a\n<html>",
            b"RIFF\x10\0\0\0WEBPVP8 <html>",
        ] {
            let refusal = read(disguised).unwrap_err();
            assert!(matches!(refusal, UploadError::Damaged), "{refusal}");
        }
    }

    /// The head of a PNG that claims to be so large; its pixels are a few bytes.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut head = b"IHDR".to_vec();
        head.extend(width.to_be_bytes());
        head.extend(height.to_be_bytes());
        head.extend([8, 2, 0, 0, 0]);
        let mut crc = u32::MAX;
        for byte in &head {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
            }
        }
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
        file.extend(head);
        file.extend((!crc).to_be_bytes());
        // Decoders read on to the pixels before they say how large the picture is.
        file.extend(b"\0\0\0\x0aIDAT\x78\x9c\x03\0\0\0\0\x01\0\0\0\0\0\0");
        file
    }

    #[test]
    fn a_bomb_of_pixels_is_refused_before_it_is_opened() {
        for (width, height) in [(50_000, 50_000), (15_000, 15_000), (u32::MAX >> 1, 1)] {
            let refusal = read(&bomb(width, height)).unwrap_err();
            assert!(matches!(refusal, UploadError::TooManyPixels), "{refusal}");
        }
        // A JPEG says its size in two bytes each.
        let mut jpeg = as_file(halves(40, 20), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xc3, 0x50, 0xc3, 0x50]);
        let refusal = read(&jpeg).unwrap_err();
        assert!(matches!(refusal, UploadError::TooManyPixels), "{refusal}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_photo_that_was_cut_off_is_refused(format in 0_usize..3, share in 0.02_f64..0.97) {
            let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][format];
            let whole = as_file(halves(64, 64), format);
            let cut = ((whole.len() as f64 * share) as usize).max(1);
            prop_assert!(read(&whole[..cut]).is_err());
        }

        #[test]
        fn any_bytes_behind_a_photos_first_ones_are_a_picture_or_refused(format in 0_usize..3, rest in prop::collection::vec(any::<u8>(), 0..400)) {
            let first = [&b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\x80\x01\0\0WEBP"][format];
            let _ = read(&[first, &rest[..]].concat());
        }
    }
}
