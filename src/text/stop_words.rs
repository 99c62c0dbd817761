//! Words that carry grammar, not content.

use super::{Language, Outline};

/// Whether a folded word says little by itself. `not`, `no`, `without`, `where` and `how` are no stop words: they
/// change what is asked.
pub fn is_stop_word(folded: &str) -> bool {
    OUTLINE.may_have(folded) && STOP_WORDS.binary_search(&folded).is_ok()
}

/// [`is_stop_word`] of a language; of languages without a list here no word is one.
pub(super) fn is_stop_word_in(language: Language, folded: &str) -> bool {
    match language {
        Language::English => is_stop_word(folded),
        _ => small_words(language).binary_search(&folded).is_ok(),
    }
}

/// The stop words of a language, sorted; they also tell a short text's language.
pub fn small_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => STOP_WORDS,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Italian => ITALIAN,
        Language::Dutch => DUTCH,
        Language::Portuguese => PORTUGUESE,
        Language::Norwegian => NORWEGIAN,
        _ => &[],
    }
}

static OUTLINE: Outline = Outline::of(STOP_WORDS);

/// Sorted.
const STOP_WORDS: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "could", "d", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
    "him", "his", "i", "if", "in", "into", "is", "it", "its", "just", "ll", "m", "may", "me",
    "mine", "my", "of", "on", "or", "our", "ours", "please", "pls", "re", "s", "shall", "she",
    "should", "so", "some", "t", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "too", "u", "us", "ve", "very", "was", "we", "were", "will",
    "with", "would", "you", "your", "yours",
];

const GERMAN: &[&str] = &[
    "ab", "aber", "als", "also", "am", "an", "auch", "auf", "aus", "bei", "beim", "bin", "bis",
    "bist", "bitte", "da", "damit", "dann", "das", "dass", "dein", "deine", "dem", "den", "der",
    "des", "die", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "dir", "doch", "dort",
    "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es", "etwas", "euch",
    "euer", "eure", "für", "gern", "gerne", "habe", "haben", "habt", "hallo", "hat", "hatte",
    "hier", "ich", "ihm", "ihn", "ihnen", "ihr", "ihre", "ihrem", "ihren", "im", "in", "ins",
    "ist", "ja", "jetzt", "kann", "kannst", "können", "könnt", "könnte", "man", "mein", "meine",
    "meinem", "meinen", "meiner", "mich", "mir", "mit", "möchte", "nach", "noch", "nun", "ob",
    "oder", "schon", "sehr", "sein", "seine", "sich", "sie", "sind", "so", "soll", "um", "und",
    "uns", "unser", "unsere", "vom", "von", "vor", "war", "wenn", "werden", "wieder", "will",
    "wir", "wird", "würde", "zu", "zum", "zur", "über",
];

const FRENCH: &[&str] = &[
    "ai", "as", "au", "aussi", "aux", "avec", "avez", "avoir", "bien", "bonjour", "ce", "ceci",
    "cela", "ces", "cet", "cette", "chez", "dans", "de", "des", "donc", "du", "elle", "elles",
    "en", "est", "et", "eu", "ici", "il", "ils", "j", "je", "la", "le", "les", "leur", "lui", "là",
    "ma", "mais", "me", "mes", "moi", "mon", "même", "notre", "nous", "on", "ont", "ou", "par",
    "peut", "peux", "plaît", "pour", "pouvez", "puis", "que", "qui", "sa", "se", "ses", "si",
    "sont", "suis", "sur", "sûr", "ta", "te", "tes", "toi", "ton", "très", "tu", "un", "une",
    "vers", "voici", "vos", "votre", "voudrais", "vous", "y", "à", "ça", "était", "été", "être",
];

const SPANISH: &[&str] = &[
    "a", "al", "algo", "ante", "así", "aún", "con", "de", "del", "desde", "e", "el", "ella",
    "ellas", "ellos", "en", "era", "eres", "es", "esa", "ese", "eso", "esta", "estaba", "estado",
    "estamos", "estar", "este", "esto", "estoy", "está", "están", "favor", "fue", "ha", "han",
    "has", "hasta", "hay", "he", "hola", "la", "las", "le", "les", "lo", "los", "me", "mi", "mis",
    "muy", "más", "nos", "nosotros", "o", "os", "para", "pero", "por", "porque", "puede", "puedo",
    "que", "quiero", "se", "ser", "si", "sobre", "son", "soy", "su", "sus", "sí", "también", "te",
    "tengo", "tiene", "tienen", "tu", "tus", "un", "una", "unas", "uno", "unos", "usted",
    "ustedes", "y", "ya", "yo",
];

const ITALIAN: &[&str] = &[
    "a", "ad", "ai", "al", "alla", "alle", "anche", "avere", "avete", "c", "che", "ci", "ciao",
    "con", "da", "dal", "dalla", "dei", "del", "della", "delle", "di", "e", "ed", "era", "essere",
    "esso", "favore", "fra", "gli", "ha", "hai", "hanno", "ho", "i", "il", "in", "io", "la", "le",
    "lei", "li", "lo", "loro", "lui", "ma", "me", "mi", "mia", "mie", "miei", "mio", "molto", "ne",
    "nei", "nel", "nella", "noi", "nostro", "o", "per", "però", "posso", "potete", "può", "quella",
    "quello", "questa", "questo", "se", "sei", "si", "siamo", "sono", "sta", "su", "sua", "sue",
    "sul", "sulla", "suo", "suoi", "ti", "tra", "tu", "tuo", "tutto", "un", "una", "uno", "vi",
    "voi", "vorrei", "vostro", "è",
];

const DUTCH: &[&str] = &[
    "aan",
    "al",
    "alle",
    "als",
    "alstublieft",
    "ben",
    "bent",
    "bij",
    "daar",
    "dan",
    "dat",
    "de",
    "deze",
    "die",
    "dit",
    "door",
    "een",
    "en",
    "er",
    "gaan",
    "graag",
    "had",
    "heb",
    "hebben",
    "hebt",
    "heeft",
    "hem",
    "het",
    "hier",
    "hij",
    "hoi",
    "hun",
    "ik",
    "in",
    "is",
    "ja",
    "je",
    "jij",
    "jou",
    "jouw",
    "jullie",
    "kan",
    "kun",
    "kunnen",
    "maar",
    "me",
    "mee",
    "met",
    "mij",
    "mijn",
    "naar",
    "nog",
    "nu",
    "of",
    "om",
    "onder",
    "ons",
    "onze",
    "ook",
    "op",
    "over",
    "te",
    "toch",
    "tot",
    "u",
    "uit",
    "uw",
    "van",
    "voor",
    "waren",
    "was",
    "we",
    "wel",
    "werd",
    "wij",
    "wil",
    "worden",
    "wordt",
    "ze",
    "zijn",
    "zo",
    "zou",
    "zouden",
];

const PORTUGUESE: &[&str] = &[
    "a", "ao", "aos", "as", "até", "com", "da", "das", "de", "dela", "dele", "do", "dos", "e",
    "ela", "ele", "eles", "em", "era", "essa", "esse", "esta", "estar", "estou", "está", "estão",
    "eu", "favor", "foi", "há", "isso", "isto", "já", "lhe", "mais", "mas", "me", "meu", "meus",
    "minha", "minhas", "muito", "na", "nas", "no", "nos", "nós", "o", "olá", "os", "ou", "para",
    "pela", "pelo", "pode", "podem", "por", "posso", "que", "quero", "se", "seja", "sem", "ser",
    "seu", "seus", "sou", "sua", "suas", "são", "só", "também", "te", "tem", "tenho", "têm", "um",
    "uma", "você", "vocês", "vos", "à", "às", "é",
];

const NORWEGIAN: &[&str] = &[
    "at", "av", "bare", "ble", "blir", "både", "da", "de", "deg", "dem", "den", "denne", "der",
    "dere", "det", "dette", "din", "dine", "ditt", "du", "ei", "eller", "en", "er", "et", "for",
    "fra", "ham", "han", "har", "hei", "her", "hun", "i", "inn", "jeg", "kan", "litt", "man",
    "med", "meg", "men", "min", "mine", "mitt", "mot", "må", "nå", "og", "også", "om", "oss",
    "over", "på", "seg", "selv", "si", "sin", "skal", "som", "så", "til", "under", "ut", "var",
    "ved", "vi", "vil", "vår", "være",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_keeps_what_changes_a_question() {
        for language in Language::TOLD_APART {
            assert!(small_words(language).is_sorted(), "{language:?}");
        }
        assert!(is_stop_word("the"));
        for word in ["not", "no", "without", "where", "how", "order"] {
            assert!(!is_stop_word(word));
        }
    }
}
