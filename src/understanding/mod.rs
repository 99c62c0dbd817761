//! From a message to entities and ranked intents with calibrated probabilities. Never here: the file format of intents, the shop beyond the vocabulary handed in.
