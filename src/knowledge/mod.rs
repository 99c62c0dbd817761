//! Articles: Markdown in, answers with their source out.
