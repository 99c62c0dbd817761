//! Which language a short message is in.
//!
//! Statistics over letters need a line or two of text; messages have four words. What tells languages apart in so
//! few is which words they are: small words, everyday words, and the words of the shop's own files in each language.
//! Letters decide only where words are unknown.

use crate::text::{Language, WordSet, for_each_word, hash_of, opening, small_words};

/// The languages of a shop, and those whose words are known beside them.
#[derive(Debug, Default)]
pub struct Languages {
    own: Vec<Profile>,
    others: Vec<(Language, Profile)>,
}

/// What a message seems to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// One of the shop's, by its place.
    Own(usize),
    /// Plainly a language that the shop does not speak.
    Foreign(Language),
}

#[derive(Debug, Default)]
struct Profile {
    /// Small and everyday words of the language.
    small: WordSet,
    /// Words of the shop's files in it.
    learnt: WordSet,
    /// Runs of three letters of all these.
    runs: WordSet,
}

/// What a word of the shop's files says beside a small word: product names and such stand in files of any language.
const LEARNT: f32 = 0.8;
/// What letters alone say of an unknown word.
const LETTERS: f32 = 0.4;
/// A conversation stays in its language, and begins in the shop's own, unless so much speaks for another.
const STAYS: f32 = 0.5;
/// Words of a message that are listened to.
const MOST_WORDS: usize = 40;
/// A language that nobody in the shop speaks needs so many words of its own …
const FOREIGN_WORDS: f32 = 2.0;
/// … and so much more than any of the shop's.
const FOREIGN_LEAD: f32 = 1.0;

impl Languages {
    /// From (code, the shop's texts in it), its own language first.
    pub fn new<'t>(own: impl IntoIterator<Item = (&'t str, Vec<&'t str>)>) -> Self {
        let mut spoken = Vec::new();
        let own = own.into_iter().map(|(code, texts)| {
            let language = Language::of(code);
            spoken.push(language);
            let mut profile = Profile::of(language);
            for text in texts {
                crate::text::for_each_word(text, |_, word| profile.learn(word));
            }
            profile
        });
        let own = own.collect();
        let others = Language::TOLD_APART
            .into_iter()
            .filter(|language| !spoken.contains(language))
            .map(|language| (language, Profile::of(language)))
            .collect();
        Self { own, others }
    }

    /// Of a message; `current` is the place of the language spoken so far. Addresses and numbers say nothing.
    pub fn hear(&self, text: &str, current: usize) -> Heard {
        let mut telling: Vec<Telling> = Vec::new();
        let spoken = |letter: char| letter.is_alphabetic() || letter == '\'';
        let parts = opening(text).split_whitespace();
        for part in parts.filter(|part| !part.contains(['@', '/'])) {
            for_each_word(part, |_, word| {
                if telling.len() < MOST_WORDS && word.chars().all(spoken) {
                    telling.push(Telling {
                        hash: hash_of(word),
                        word: word.to_owned(),
                    });
                }
            });
        }
        let mut best = (current, f32::MIN, 0.0);
        for (place, profile) in self.own.iter().enumerate() {
            let plain = telling.iter().map(|word| profile.says(word)).sum::<f32>();
            let stays = if place == current { STAYS } else { 0.0 };
            if plain + stays > best.1 {
                best = (place, plain + stays, plain);
            }
        }
        // Of languages that nobody speaks here only the small words are known.
        telling.sort_unstable_by_key(|word| word.hash);
        telling.dedup_by_key(|word| word.hash);
        let score = |profile: &Profile| {
            let small = telling
                .iter()
                .filter(|word| profile.small.contains(&word.hash));
            small.count() as f32
        };
        let others = self
            .others
            .iter()
            .map(|(language, profile)| (*language, score(profile)));
        match others.max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((language, score)) if score >= best.2 + FOREIGN_LEAD && score >= FOREIGN_WORDS => {
                Heard::Foreign(language)
            }
            _ => Heard::Own(best.0),
        }
    }
}

/// A word that may tell the language, and its hash.
struct Telling {
    word: String,
    hash: u64,
}

impl Profile {
    fn of(language: Language) -> Self {
        let mut profile = Self::default();
        for word in small_words(language) {
            profile.runs.extend(runs(word));
            profile.small.insert(hash_of(word));
        }
        for word in everyday(language).split_ascii_whitespace() {
            profile.runs.extend(runs(word));
            profile.small.insert(hash_of(word));
        }
        profile
    }

    fn learn(&mut self, word: &str) {
        self.runs.extend(runs(word));
        self.learnt.insert(hash_of(word));
    }

    /// How much a word speaks for this language, 0 to 1.
    fn says(&self, word: &Telling) -> f32 {
        if self.small.contains(&word.hash) {
            return 1.0;
        }
        if self.learnt.contains(&word.hash) {
            return LEARNT;
        }
        let (mut known, mut all) = (0.0, 0.0);
        for run in runs(&word.word) {
            all += 1.0;
            known += f32::from(u8::from(self.runs.contains(&run)));
        }
        LETTERS * known / f32::max(all, 1.0)
    }
}

/// Runs of three letters, the ends of the word counted as blanks; three letters of 21 bits each in one number.
fn runs(word: &str) -> impl Iterator<Item = u64> {
    const THREE: u64 = (1 << 63) - 1;
    let blank = u64::from(' ');
    let mut run = blank << 21 | blank;
    word.chars()
        .chain([' '])
        .skip_while(char::is_ascii_punctuation)
        .map(move |letter| {
            run = (run << 21 | u64::from(letter)) & THREE;
            // Sets take hashes as they are: letters near each other must not lie near.
            let mixed = run.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ (mixed >> 32)
        })
}

/// Words that questions to a shop are made of, beside the small ones; none that another of these languages has.
fn everyday(language: Language) -> &'static str {
    match language {
        Language::English => {
            "how what when where which who why not want need looking show find get much many there order parcel \
             package delivery shipping return refund size price cheap money help thanks hello hi good morning warm \
             something anything jacket shoes socks gift does long take cost open today tomorrow ship track cancel \
             pay card broken missing wrong still yet i'm don't what's where's it's"
        }
        Language::German => {
            "wo wann wer wie was welche welcher welches warum nicht kein keine keinen bestellung paket lieferung \
             versand rücksendung rückgabe zurück zurückgeben zurückschicken umtauschen größe grösse preis billig \
             günstig geld hilfe danke hallo guten tag morgen suche brauche suchen zeig zeigen finden gibt kostet \
             kosten lange dauert geöffnet heute stornieren bezahlen karte kaputt fehlt falsch immer warm warme \
             etwas jacke schuhe socken geschenk liefert schickt versendet liefern mitarbeiter sprechen"
        }
        Language::French => {
            "où quand comment combien pourquoi quel quelle quels quelles ne pas plus commande colis livraison \
             livrez livrer expédition retour retourner rembourser remboursement échanger taille prix argent aide \
             merci salut bonsoir cherche besoin montrer trouver coûte coûtent ouvert aujourd'hui demain annuler \
             payer carte cassé manque chaud quelque chose veste chaussures chaussettes cadeau est-ce qu'est faire \
             frais délai mon mes"
        }
        Language::Spanish => {
            "dónde donde cuándo cuando cómo como cuánto cuanto cuánta qué cuál no pedido paquete envío envíos \
             enviáis envían entrega devolver devolución reembolso cambiar talla precio barato dinero ayuda gracias \
             hola buenos buenas días tardes busco necesito mostrar encontrar cuesta cuestan abierto hoy mañana \
             cancelar pagar tarjeta roto falta algo abrigo chaqueta zapatos calcetines regalo hacéis cuánto"
        }
        Language::Italian => {
            "dove quando come quanto quanta quanti perché quale quali non ordine pacco spedizione spedite \
             consegna restituire reso rimborso cambiare taglia prezzo soldi aiuto grazie buongiorno buonasera \
             cerco bisogno mostrare trovare costa costano aperto oggi domani annullare pagare carta rotto manca \
             qualcosa giacca scarpe calzini regalo caldo mio vorrei dov'è"
        }
        Language::Dutch => {
            "waar wanneer hoe hoeveel waarom welke wat niet geen bestelling pakket pakje levering leveren \
             verzending verzenden verzendkosten retour retourneren terugsturen terug ruilen maat prijs goedkoop \
             geld hulp bedankt dank hallo goedemorgen goedemiddag zoek nodig tonen vinden kost kosten duurt \
             vandaag morgen annuleren betalen kaart kapot ontbreekt iets jas schoenen sokken cadeau hebben \
             bezorgd bezorgen"
        }
        Language::Portuguese => {
            "onde quando quanto quanta porquê qual quais não encomenda pacote envio enviam entrega entregam \
             devolver devolução reembolso trocar tamanho preço barato dinheiro ajuda obrigado obrigada olá bom \
             boa dia tarde procuro preciso mostrar encontrar custa custam aberto hoje amanhã cancelar pagar \
             cartão partido falta algo casaco sapatos meias presente quente fazem meu"
        }
        Language::Norwegian => {
            "hvor når hva hvem hvordan hvorfor hvilken lenge ikke ingen levering leverer pakke pakken bestilling \
             bestillingen ordre frakt retur returnere størrelse pris koster penger hjelp takk hallo morn god dag \
             trenger ser etter vis finne tar åpent åpner dag morgen avbestille betale kort ødelagt mangler feil \
             noe jakke sko sokker gave sender"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shop() -> Languages {
        Languages::new([
            ("en", vec!["where is my order", "do you ship to norway"]),
            ("de", vec!["wo ist meine bestellung", "passt die jacke"]),
        ])
    }

    fn heard(text: &str, current: usize) -> Heard {
        shop().hear(text, current)
    }

    #[test]
    fn a_short_question_is_heard_in_its_language() {
        for (text, place) in [
            ("wo ist meine bestellung?", 1),
            ("habt ihr warme socken", 1),
            ("wo is mein packet", 1),
            ("where is my parcel", 0),
            ("do you have warm socks", 0),
            ("wheres my stuff", 0),
        ] {
            assert_eq!(heard(text, 1 - place), Heard::Own(place), "{text}");
        }
    }

    #[test]
    fn what_says_nothing_stays_in_the_language_of_the_conversation() {
        for text in [
            "SH-10023",
            "ok",
            "42",
            "",
            "👍",
            "Alder Fjellreven",
            "me@example.com",
        ] {
            assert_eq!(heard(text, 0), Heard::Own(0), "{text}");
            assert_eq!(heard(text, 1), Heard::Own(1), "{text}");
        }
    }

    #[test]
    fn a_language_nobody_here_speaks_is_named() {
        for (text, language) in [
            ("où est ma commande ?", Language::French),
            ("¿dónde está mi pedido?", Language::Spanish),
            ("dov'è il mio ordine", Language::Italian),
            ("waar is mijn bestelling", Language::Dutch),
            ("onde está a minha encomenda", Language::Portuguese),
        ] {
            assert_eq!(heard(text, 0), Heard::Foreign(language), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_words_are_heard_in_some_language(text in "(\\PC|wo ist |where is |la ){0,20}", current in 0usize..2) {
            match heard(&text, current) {
                Heard::Own(place) => prop_assert!(place < 2),
                Heard::Foreign(language) => prop_assert!(language != Language::English),
            }
        }
    }
}
