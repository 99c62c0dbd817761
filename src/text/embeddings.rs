//! Word vectors that were learnt elsewhere, read from a folder: an optional help for words nobody wrote an example with.
//!
//! A Model2Vec table: a vector a token, a text is the mean of its tokens (van Dongen and Tulkens, "Model2Vec: Fast
//! State-of-the-Art Static Embeddings", 2024). Nothing is fetched; builds without the cargo feature `embeddings` read none.

use std::path::{Path, PathBuf};

/// A table, immutable, shared by all that read with it.
#[derive(Debug)]
pub struct Embeddings {
    folder: PathBuf,
    #[cfg(feature = "embeddings")]
    table: model2vec_rs::model::StaticModel,
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddingsError {
    #[error(
        "this program was built without word vectors: build it with `cargo build --release --features embeddings`, \
         or take `understanding.embeddings` out of config.toml"
    )]
    NotBuiltIn,
    #[error(
        "{folder}: {missing} is missing; a table is a folder with tokenizer.json, model.safetensors and config.json"
    )]
    Missing {
        folder: PathBuf,
        missing: &'static str,
    },
    #[error("{folder}: {why}; docs/embeddings.md shows how to make a table")]
    Unreadable { folder: PathBuf, why: String },
}

/// Two of the same folder are the same: a table is replaced by a restart.
impl PartialEq for Embeddings {
    fn eq(&self, other: &Self) -> bool {
        self.folder == other.folder
    }
}

impl Eq for Embeddings {}

impl Embeddings {
    /// Where it was read from.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// # Errors
    /// See [`EmbeddingsError`].
    #[cfg(not(feature = "embeddings"))]
    pub fn load(_: &Path) -> Result<Self, EmbeddingsError> {
        Err(EmbeddingsError::NotBuiltIn)
    }

    /// # Errors
    /// See [`EmbeddingsError`].
    #[cfg(feature = "embeddings")]
    pub fn load(folder: &Path) -> Result<Self, EmbeddingsError> {
        let folder = folder.to_owned();
        let files = ["tokenizer.json", "model.safetensors", "config.json"];
        for missing in files {
            if !folder.join(missing).is_file() {
                return Err(EmbeddingsError::Missing { folder, missing });
            }
        }
        let read = |name: &str| std::fs::read(folder.join(name));
        let table = files.map(read);
        let unreadable = |why: String| EmbeddingsError::Unreadable {
            folder: folder.clone(),
            why,
        };
        let [tokenizer, vectors, settings] = table;
        let tokenizer = tokenizer.map_err(|error| unreadable(error.to_string()))?;
        let vectors = vectors.map_err(|error| unreadable(error.to_string()))?;
        let settings = settings.map_err(|error| unreadable(error.to_string()))?;
        belong_together(&tokenizer, &vectors).map_err(unreadable)?;
        let table =
            model2vec_rs::model::StaticModel::from_bytes(tokenizer, vectors, settings, Some(true))
                .map_err(|error| unreadable(format!("{error:#}")))?;
        Ok(Self { folder, table })
    }

    /// The direction of a text, of length 1; empty for a text without a token of the table.
    #[cfg(feature = "embeddings")]
    pub fn of(&self, text: &str) -> Vec<f32> {
        let vector = self.table.encode_single(text);
        let square: f32 = vector.iter().map(|value| value * value).sum();
        let is_direction = square.is_finite() && square > 0.25;
        if is_direction { vector } else { Vec::new() }
    }

    /// The direction of a text, of length 1; empty for a text without a token of the table.
    #[cfg(not(feature = "embeddings"))]
    pub fn of(&self, _: &str) -> Vec<f32> {
        Vec::new()
    }
}

/// That each token has a vector: a token without one would be met in some shopper's message.
#[cfg(feature = "embeddings")]
fn belong_together(tokenizer: &[u8], vectors: &[u8]) -> Result<(), String> {
    use safetensors::SafeTensors;
    use serde_json::Value;

    let said: Value =
        serde_json::from_slice(tokenizer).map_err(|error| format!("tokenizer.json: {error}"))?;
    let vocabulary = match &said["model"]["vocab"] {
        Value::Object(words) => words.values().filter_map(Value::as_u64).max(),
        Value::Array(words) => (words.len() as u64).checked_sub(1),
        _ => None,
    };
    let added = said["added_tokens"].as_array().into_iter().flatten();
    let added = added.filter_map(|token| token["id"].as_u64()).max();
    let last = vocabulary.max(added).ok_or("tokenizer.json: no token")?;

    let tensors =
        SafeTensors::deserialize(vectors).map_err(|error| format!("model.safetensors: {error}"))?;
    let table = ["embeddings", "0", "embedding.weight"]
        .into_iter()
        .find_map(|name| tensors.tensor(name).ok())
        .ok_or("model.safetensors: no tensor `embeddings`")?;
    let rows = table.shape().first().map_or(0, |rows| *rows as u64);
    let row_of_last = match tensors.tensor("mapping") {
        Ok(mapping) => {
            let tokens = mapping.shape().iter().product::<usize>();
            let width = (mapping.data().len() / tokens.max(1)).max(1);
            let little_endian = |bytes: &[u8]| {
                let digits = bytes.iter().rev();
                digits.fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
            };
            let mapped = mapping.data().chunks(width).map(little_endian).max();
            let unmapped = (last >= tokens as u64).then_some(last);
            mapped.max(unmapped).unwrap_or(last)
        }
        Err(_) => last,
    };
    if row_of_last < rows {
        Ok(())
    } else {
        Err(format!(
            "tokenizer.json and model.safetensors are not of one table: a token has number {row_of_last}, \
             and there are {rows} vectors"
        ))
    }
}

/// A table made on the spot, small enough to read.
#[cfg(feature = "embeddings")]
#[cfg(test)]
pub(crate) mod small {
    use super::Embeddings;
    use std::fs;
    use std::path::Path;

    const DIMENSIONS: usize = 32;

    /// Words of one group mean nearly the same, words of two groups nothing alike.
    pub(crate) fn table(groups: &[&[&str]]) -> Embeddings {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), groups);
        Embeddings::load(folder.path()).unwrap()
    }

    pub(crate) fn write(folder: &Path, groups: &[&[&str]]) {
        let mut vocabulary = serde_json::Map::new();
        let mut vectors: Vec<u8> = Vec::new();
        let mut seed = 1_u64;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        let unknown: &[&str] = &["[PAD]", "[UNK]"];
        for group in [unknown].iter().chain(groups) {
            let direction: Vec<f32> = (0..DIMENSIONS).map(|_| random()).collect();
            for word in *group {
                vocabulary.insert((*word).to_owned(), vocabulary.len().into());
                for value in &direction {
                    vectors.extend((value + 0.05 * random()).to_le_bytes());
                }
            }
        }
        let shape = [vocabulary.len(), DIMENSIONS];
        let header = serde_json::json!({
            "embeddings": { "dtype": "F32", "shape": shape, "data_offsets": [0, vectors.len()] },
        });
        let mut header = header.to_string();
        while !header.len().is_multiple_of(8) {
            header.push(' ');
        }
        let mut tensors = (header.len() as u64).to_le_bytes().to_vec();
        tensors.extend(header.bytes());
        tensors.extend(vectors);
        let tokenizer = serde_json::json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": [],
            "normalizer": {
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                "strip_accents": null, "lowercase": true,
            },
            "pre_tokenizer": { "type": "BertPreTokenizer" },
            "post_processor": null,
            "decoder": null,
            "model": {
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocabulary,
            },
        });
        fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
        fs::write(folder.join("model.safetensors"), tensors).unwrap();
        fs::write(folder.join("config.json"), r#"{"normalize": true}"#).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(feature = "embeddings"))]
    #[test]
    fn a_program_without_word_vectors_says_how_to_build_one_with() {
        let error = Embeddings::load(Path::new("table")).unwrap_err();
        assert!(error.to_string().contains("--features embeddings"));
    }

    #[cfg(feature = "embeddings")]
    #[test]
    fn words_that_mean_the_same_point_the_same_way() {
        let table = small::table(&[&["parcel", "consignment"], &["refund", "reimburse"]]);
        let alike = |one: &str, other: &str| -> f32 {
            let (one, other) = (table.of(one), table.of(other));
            one.iter().zip(&other).map(|(a, b)| a * b).sum()
        };
        assert!(alike("Parcel", "consignment") > 0.95);
        assert!(alike("parcel", "refund").abs() < 0.6);
        assert!(table.of("").is_empty());
    }

    #[cfg(feature = "embeddings")]
    #[test]
    fn what_is_no_table_is_said_with_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let said = |folder: &Path| Embeddings::load(folder).unwrap_err().to_string();
        assert!(said(folder.path()).contains("tokenizer.json is missing"));
        small::write(folder.path(), &[&["parcel"]]);
        std::fs::write(folder.path().join("model.safetensors"), b"not a table").unwrap();
        let said = said(folder.path());
        assert!(said.contains("docs/embeddings.md") && said.contains("safetensors"));
    }

    #[cfg(feature = "embeddings")]
    #[test]
    fn tokens_without_a_vector_are_found_before_a_shopper_types_one() {
        let folder = tempfile::tempdir().unwrap();
        small::write(folder.path(), &[&["parcel"]]);
        let short = std::fs::read(folder.path().join("model.safetensors")).unwrap();
        small::write(folder.path(), &[&["parcel", "refund", "shipping"]]);
        std::fs::write(folder.path().join("model.safetensors"), short).unwrap();
        let error = Embeddings::load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("not of one table: a token has number 4, and there are 3"));
    }
}
