//! The index: built once by tantivy into memory, then read without its query machinery.
//!
//! A query here is a handful of words over a few fields. Building tantivy's query tree, weights and
//! collectors costs several times what reading the postings does, so the dictionary is kept as a hash map
//! from word to where its postings lie, and [`super::rank`] reads those itself.

use std::collections::HashMap;
use std::sync::Arc;
use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{InvertedIndexReader, SingleSegmentIndexWriter, TantivyDocument};

/// A word of the index's vocabulary. Ids follow first appearance, so the same documents in the same order
/// give the same ids.
pub type WordId = u32;

/// One field of every document.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    /// What a match here is worth beside a match elsewhere.
    pub weight: f32,
    /// How much a long field weakens a match, 0 (not at all) to 1 (BM25's `b`).
    pub length: f32,
}

/// Building or reading the index failed. It lives in memory, so this is a fault in the program or its memory.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the full-text index could not be built: {0}; try again with fewer documents")]
    Build(#[from] tantivy::TantivyError),
    #[error("the full-text index could not be read back: {0}")]
    Read(#[from] std::io::Error),
}

/// Where one word's postings lie in one field; `documents` is 0 where it does not occur.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    start: u32,
    length: u32,
    pub(super) documents: u32,
}

/// A field as it is read.
pub(super) struct FieldReader {
    pub(super) weight: f32,
    postings: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
    /// BM25's length norm for each of the 256 coded lengths.
    pub(super) norms: Box<[f32; 256]>,
}

impl FieldReader {
    /// BM25 of a word that stands `times` in a field of this coded length.
    #[inline]
    pub(super) fn impact(&self, idf: f32, times: u32, length: u8) -> f32 {
        let times = times as f32;
        self.weight * idf * (SATURATION + 1.0) * times / (times + self.norms[length as usize])
    }
}

/// Documents, numbered from 0 in the order they were added.
pub struct Index {
    pub(super) fields: Vec<FieldReader>,
    pub(super) tie: f32,
    vocabulary: HashMap<Box<str>, WordId>,
    /// Documents that have the word in any field, by word.
    pub(super) frequencies: Vec<u32>,
    /// `fields.len()` lists a word.
    pub(super) lists: Vec<List>,
    pub(super) documents: u32,
}

/// Takes documents one by one.
pub struct Builder {
    fields: Vec<Field>,
    tie: f32,
    handles: Vec<tantivy::schema::Field>,
    writer: SingleSegmentIndexWriter,
    vocabulary: HashMap<Box<str>, WordId>,
    frequencies: Vec<u32>,
    /// The last document that counted the word, plus one.
    counted: Vec<u32>,
    documents: u32,
}

/// BM25's saturation of repeated words; tantivy's own value.
const SATURATION: f32 = 1.2;
/// Bytes that tantivy's writer may hold; it grows as it needs, this is where it would flush.
const WRITER_BYTES: usize = 50_000_000;

impl Builder {
    /// `tie` is the share of a word's score in its other fields that is added to its best one: 0 takes the best
    /// field alone, 1 the sum.
    pub fn new(fields: &[Field], tie: f32) -> Result<Self, SearchError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let handles = fields
            .iter()
            .map(|field| schema.add_text_field(field.name, options.clone()))
            .collect();
        let writer = tantivy::Index::builder()
            .schema(schema.build())
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        Ok(Self {
            fields: fields.to_vec(),
            tie,
            handles,
            writer,
            vocabulary: HashMap::new(),
            frequencies: Vec::new(),
            counted: Vec::new(),
            documents: 0,
        })
    }

    /// Adds a document, its words field by field as they shall be found: folded, stemmed, without white space.
    pub fn add(&mut self, fields: &[Vec<String>]) -> Result<(), SearchError> {
        self.documents += 1;
        let mut document = TantivyDocument::default();
        for word in fields.iter().flatten() {
            self.count(word);
        }
        for (words, handle) in fields.iter().zip(&self.handles) {
            document.add_text(*handle, words.join(" "));
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    fn count(&mut self, word: &str) {
        let id = match self.vocabulary.get(word) {
            Some(id) => *id as usize,
            None => {
                self.vocabulary
                    .insert(word.into(), self.frequencies.len() as WordId);
                self.frequencies.push(0);
                self.counted.push(0);
                self.frequencies.len() - 1
            }
        };
        if self.counted[id] != self.documents {
            self.counted[id] = self.documents;
            self.frequencies[id] += 1;
        }
    }

    pub fn finish(self) -> Result<Index, SearchError> {
        let mut index = Index {
            fields: Vec::new(),
            tie: self.tie,
            lists: vec![List::default(); self.frequencies.len() * self.fields.len()],
            vocabulary: self.vocabulary,
            frequencies: self.frequencies,
            documents: self.documents,
        };
        if index.documents == 0 {
            return Ok(index);
        }
        let written = self.writer.finalize()?;
        let segments = written.searchable_segments()?;
        // One writer makes one segment, so tantivy's document numbers are ours.
        for segment in &segments {
            let reader = SegmentReader::open(segment)?;
            for (place, (field, handle)) in self.fields.iter().zip(&self.handles).enumerate() {
                let postings = reader.inverted_index(*handle)?;
                index.note_lists(place, self.fields.len(), &postings)?;
                let lengths = reader.get_fieldnorms_reader(*handle)?;
                let mean = postings.total_num_tokens() as f32 / index.documents as f32;
                let norms = Box::new(std::array::from_fn(|code| {
                    let relative =
                        FieldNormReader::id_to_fieldnorm(code as u8) as f32 / mean.max(1e-6);
                    SATURATION * (1.0 - field.length + field.length * relative)
                }));
                index.fields.push(FieldReader {
                    weight: field.weight,
                    postings,
                    lengths,
                    norms,
                });
            }
        }
        Ok(index)
    }
}

impl Index {
    fn note_lists(
        &mut self,
        place: usize,
        fields: usize,
        postings: &InvertedIndexReader,
    ) -> Result<(), SearchError> {
        let mut terms = postings.terms().stream()?;
        while terms.advance() {
            let known = std::str::from_utf8(terms.key())
                .ok()
                .and_then(|word| self.vocabulary.get(word));
            if let Some(id) = known {
                let info = terms.value();
                self.lists[*id as usize * fields + place] = List {
                    start: info.postings_range.start as u32,
                    length: info.postings_range.len() as u32,
                    documents: info.doc_freq,
                };
            }
        }
        Ok(())
    }

    pub fn documents(&self) -> u32 {
        self.documents
    }

    pub fn word(&self, word: &str) -> Option<WordId> {
        self.vocabulary.get(word).copied()
    }

    /// Documents that have the word in any field.
    pub fn frequency(&self, word: WordId) -> u32 {
        self.frequencies[word as usize]
    }

    /// How much the word says, in nats: 0 when every document has it. A word that no document has says most.
    pub fn idf(&self, word: Option<WordId>) -> f32 {
        let (all, with) = (
            self.documents as f32,
            word.map_or(0.0, |id| self.frequency(id) as f32),
        );
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// Opens a word's postings in what `held` holds from before. `None` when the field does not have the word.
    pub(super) fn open<'a>(
        &self,
        place: usize,
        list: List,
        held: &'a mut Option<BlockSegmentPostings>,
    ) -> Option<&'a mut BlockSegmentPostings> {
        if list.documents == 0 {
            return None;
        }
        let start = list.start as usize;
        let info = TermInfo {
            doc_freq: list.documents,
            postings_range: start..start + list.length as usize,
            positions_range: 0..0,
        };
        let reader = &self.fields[place].postings;
        let opened = match held {
            Some(used) => reader.reset_block_postings_from_terminfo(&info, used),
            None => reader
                .read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)
                .map(|fresh| *held = Some(fresh)),
        };
        // The bytes are in memory and were written by this process: a failure is a fault worth a line in the
        // log, and no reason to leave a shopper without the other words' results.
        opened
            .inspect_err(|error| tracing::error!(%error, "a posting list could not be read"))
            .ok()?;
        held.as_mut()
    }
}
