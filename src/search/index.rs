//! The index: built once by tantivy into memory, then flattened.
//!
//! A query here is a handful of words over a few fields. Building tantivy's query tree, weights and
//! collectors costs several times what reading postings does, and what a word is worth in a document
//! depends on nothing but the two: it is settled at load, one number for all fields together, and
//! [`super::rank`] only adds.

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

/// What a word is worth in one document, all its fields together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    pub(super) document: u32,
    pub(super) impact: f32,
}

/// Where a word's postings lie, by document.
#[derive(Debug, Clone, Copy, Default)]
struct List {
    start: u32,
    end: u32,
    /// The highest impact in it.
    ceiling: f32,
}

/// How a field scores.
pub(super) struct FieldScore {
    weight: f32,
    /// BM25's length norm for each of the 256 coded lengths.
    norms: Box<[f32; 256]>,
}

impl FieldScore {
    /// BM25 of a word that stands `times` in a field of this coded length.
    #[inline]
    pub(super) fn impact(&self, idf: f32, times: u32, length: u8) -> f32 {
        let times = times as f32;
        self.weight * idf * (SATURATION + 1.0) * times / (times + self.norms[length as usize])
    }
}

/// Documents, numbered from 0 in the order they were added.
pub struct Index {
    pub(super) fields: Vec<FieldScore>,
    pub(super) tie: f32,
    vocabulary: HashMap<Box<str>, WordId>,
    /// By word.
    lists: Vec<List>,
    postings: Vec<Posting>,
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
            lists: vec![List::default(); self.frequencies.len()],
            postings: Vec::with_capacity(self.frequencies.iter().sum::<u32>() as usize),
            vocabulary: self.vocabulary,
            documents: self.documents,
        };
        if index.documents == 0 {
            return Ok(index);
        }
        let written = self.writer.finalize()?;
        let mut readers = Vec::new();
        // One writer makes one segment, so tantivy's document numbers are ours.
        for segment in &written.searchable_segments()? {
            let reader = SegmentReader::open(segment)?;
            for (field, handle) in self.fields.iter().zip(&self.handles) {
                let postings = reader.inverted_index(*handle)?;
                let mean = postings.total_num_tokens() as f32 / index.documents as f32;
                index.fields.push(FieldScore::of(field, mean));
                readers.push(FieldReader {
                    terms: index.terms_of(&postings)?,
                    lengths: reader.get_fieldnorms_reader(*handle)?,
                    postings,
                });
            }
        }
        index.flatten(&readers, &self.frequencies)?;
        Ok(index)
    }
}

/// A field as tantivy wrote it.
struct FieldReader {
    postings: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
    terms: HashMap<WordId, TermInfo>,
}

impl FieldScore {
    fn of(field: &Field, mean_length: f32) -> Self {
        let norms = Box::new(std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            let relative = length / mean_length.max(1e-6);
            SATURATION * (1.0 - field.length + field.length * relative)
        }));
        Self {
            weight: field.weight,
            norms,
        }
    }
}

impl Index {
    fn terms_of(
        &self,
        postings: &InvertedIndexReader,
    ) -> Result<HashMap<WordId, TermInfo>, SearchError> {
        let mut found = HashMap::new();
        let mut terms = postings.terms().stream()?;
        while terms.advance() {
            let known = std::str::from_utf8(terms.key())
                .ok()
                .and_then(|word| self.vocabulary.get(word));
            found.extend(known.map(|id| (*id, terms.value().clone())));
        }
        Ok(found)
    }

    /// Brings a word's postings of all fields together: its best field, and a little of the others.
    fn flatten(&mut self, readers: &[FieldReader], frequencies: &[u32]) -> Result<(), SearchError> {
        let mut tallies = vec![(0.0_f32, 0.0_f32); self.documents as usize];
        let mut touched: Vec<u32> = Vec::new();
        let mut held: Option<BlockSegmentPostings> = None;
        for (word, frequency) in (0..).zip(frequencies) {
            let idf = idf(self.documents, *frequency);
            for (field, reader) in self.fields.iter().zip(readers) {
                let Some(info) = reader.terms.get(&word) else {
                    continue;
                };
                let postings = reader.open(info, &mut held)?;
                while postings.block_len() > 0 {
                    for (document, times) in postings.docs().iter().zip(postings.freqs()) {
                        let length = reader.lengths.fieldnorm_id(*document);
                        let impact = field.impact(idf, *times, length);
                        let (best, sum) = &mut tallies[*document as usize];
                        if *sum == 0.0 {
                            touched.push(*document);
                        }
                        *best = best.max(impact);
                        *sum += impact;
                    }
                    postings.advance();
                }
            }
            touched.sort_unstable();
            let start = self.postings.len() as u32;
            let mut ceiling = 0.0_f32;
            for document in touched.drain(..) {
                let (best, sum) = std::mem::take(&mut tallies[document as usize]);
                let impact = best + self.tie * (sum - best);
                ceiling = ceiling.max(impact);
                self.postings.push(Posting { document, impact });
            }
            self.lists[word as usize] = List {
                start,
                end: self.postings.len() as u32,
                ceiling,
            };
        }
        Ok(())
    }

    pub fn documents(&self) -> u32 {
        self.documents
    }

    pub fn word(&self, word: &str) -> Option<WordId> {
        self.vocabulary.get(word).copied()
    }

    /// Words of the vocabulary.
    pub fn words(&self) -> usize {
        self.lists.len()
    }

    /// Documents that have the word in any field.
    pub fn frequency(&self, word: WordId) -> u32 {
        let List { start, end, .. } = self.lists[word as usize];
        end - start
    }

    /// What the word is worth in each document that has it, by document.
    pub(super) fn postings(&self, word: WordId) -> &[Posting] {
        let List { start, end, .. } = self.lists[word as usize];
        &self.postings[start as usize..end as usize]
    }

    /// The most the word is worth in any document.
    pub(super) fn ceiling(&self, word: WordId) -> f32 {
        self.lists[word as usize].ceiling
    }

    /// How much the word says, in nats: 0 when every document has it. A word that no document has says most.
    pub fn idf(&self, word: Option<WordId>) -> f32 {
        idf(self.documents, word.map_or(0, |id| self.frequency(id)))
    }
}

fn idf(documents: u32, with: u32) -> f32 {
    let (all, with) = (documents as f32, with as f32);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

impl FieldReader {
    /// Opens a word's postings in what `held` holds from before.
    fn open<'a>(
        &self,
        info: &TermInfo,
        held: &'a mut Option<BlockSegmentPostings>,
    ) -> Result<&'a mut BlockSegmentPostings, SearchError> {
        let fresh = match held.take() {
            Some(mut used) => {
                self.postings
                    .reset_block_postings_from_terminfo(info, &mut used)?;
                used
            }
            None => self
                .postings
                .read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?,
        };
        Ok(held.insert(fresh))
    }
}
