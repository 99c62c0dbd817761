//! What is wrong with something a person wrote: file, line, column, the line itself, and what to write instead.
