//! What each platform can show, as a table: rendering goes by it, and so do the tests' fakes.

/// How a platform counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Unicode code points.
    Characters,
    Utf16,
    Bytes,
    /// Septets of GSM-7; any character beyond it makes all of them UCS-2, and those count more of the limit.
    Gsm7,
}

/// How emphasis and links are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Not at all.
    Plain,
    /// `<b>`, `<i>`, `<a href>`, everything else escaped.
    Html,
    /// `*strong*`, `_emphasis_`, addresses as they are.
    Stars,
    /// The same, with `<url|label>` and `& < >` escaped.
    Slack,
    /// As it was written.
    Markdown,
}

/// Buttons under a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buttons {
    /// In one message.
    pub most: usize,
    /// Characters of a label; 0 for any length.
    pub title: usize,
    /// Bytes of what a tap sends back.
    pub payload: usize,
    /// A button may open an address, beside others.
    pub links: bool,
}

/// A list that opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    pub rows: usize,
    pub title: usize,
    pub description: usize,
    /// Characters of the button that opens it.
    pub button: usize,
    /// Of what is said above it.
    pub text: usize,
    pub payload: usize,
}

/// How products are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cards {
    /// As text.
    Text,
    /// Each a picture with a caption of so many units, and buttons.
    Photo { caption: usize },
    /// Side by side.
    Carousel {
        most: usize,
        title: usize,
        subtitle: usize,
        buttons: usize,
    },
    /// Side by side under words, where there are at least two, each with a picture and the same buttons; else as photos.
    Swiped {
        most: usize,
        /// Of both together, the platform's own signs apart.
        title: usize,
        subtitle: usize,
        /// Of a photo.
        caption: usize,
    },
    /// As the platform's own catalog has them.
    Listed { most: usize },
}

/// What a platform can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// As in the settings.
    pub platform: &'static str,
    pub unit: Unit,
    /// Of one message.
    pub text: usize,
    /// Of one with buttons.
    pub with_buttons: usize,
    pub buttons: Option<Buttons>,
    pub list: Option<List>,
    pub cards: Cards,
    pub pictures: bool,
    pub markup: Markup,
    /// The platform shows that somebody writes.
    pub typing: bool,
    /// It knows a call that comes a second time.
    pub idempotent: bool,
    /// Calls in a second, as far as it is known.
    pub per_second: u32,
    /// Hours after the shopper's last message in which anything may be sent; 0 for always.
    pub window_hours: i64,
    /// Answers to one person in an hour; 0 for any number. Two programs that answer each other come to an end by it.
    pub answers_per_hour: u32,
}

const PLAIN: Abilities = Abilities {
    platform: "",
    unit: Unit::Characters,
    text: 4096,
    with_buttons: 0,
    buttons: None,
    list: None,
    cards: Cards::Text,
    pictures: false,
    markup: Markup::Plain,
    typing: false,
    idempotent: false,
    per_second: 20,
    window_hours: 0,
    answers_per_hour: 0,
};

/// Your own server, which shows what it is given.
pub const WEBHOOK: Abilities = Abilities {
    platform: "webhook",
    text: 100_000,
    with_buttons: 100_000,
    buttons: Some(Buttons {
        most: 100,
        title: 0,
        payload: 4000,
        links: true,
    }),
    cards: Cards::Carousel {
        most: 20,
        title: 1000,
        subtitle: 1000,
        buttons: 3,
    },
    pictures: true,
    idempotent: true,
    ..PLAIN
};

/// Your own server, where it can show nothing but words.
pub const PLAIN_WEBHOOK: Abilities = Abilities {
    platform: "webhook-plain",
    text: 100_000,
    idempotent: true,
    ..PLAIN
};

pub const TELEGRAM: Abilities = Abilities {
    platform: "telegram",
    unit: Unit::Utf16,
    text: 4096,
    with_buttons: 4096,
    buttons: Some(Buttons {
        most: 100,
        title: 0,
        payload: 64,
        links: true,
    }),
    cards: Cards::Photo { caption: 1024 },
    pictures: true,
    markup: Markup::Html,
    typing: true,
    per_second: 30,
    ..PLAIN
};

pub const WHATSAPP: Abilities = Abilities {
    platform: "whatsapp",
    text: 4096,
    with_buttons: 1024,
    buttons: Some(Buttons {
        most: 3,
        title: 20,
        payload: 256,
        links: false,
    }),
    list: Some(List {
        rows: 10,
        title: 24,
        description: 72,
        button: 20,
        text: 4096,
        payload: 200,
    }),
    // A card has 160 characters: two stars and a new line are the platform's.
    cards: Cards::Swiped {
        most: 10,
        title: 60,
        subtitle: 97,
        caption: 1024,
    },
    pictures: true,
    markup: Markup::Stars,
    typing: true,
    per_second: 80,
    window_hours: 24,
    ..PLAIN
};

/// Where Meta has the shop's catalog.
pub const WHATSAPP_CATALOG: Abilities = Abilities {
    platform: "whatsapp-catalog",
    cards: Cards::Listed { most: 30 },
    ..WHATSAPP
};

pub const MESSENGER: Abilities = Abilities {
    platform: "messenger",
    text: 2000,
    with_buttons: 2000,
    buttons: Some(Buttons {
        most: 13,
        title: 20,
        payload: 1000,
        links: false,
    }),
    cards: Cards::Carousel {
        most: 10,
        title: 80,
        subtitle: 80,
        buttons: 3,
    },
    pictures: true,
    typing: true,
    window_hours: 24,
    ..PLAIN
};

pub const INSTAGRAM: Abilities = Abilities {
    platform: "instagram",
    unit: Unit::Bytes,
    text: 1000,
    with_buttons: 1000,
    ..MESSENGER
};

pub const SLACK: Abilities = Abilities {
    platform: "slack",
    text: 3000,
    with_buttons: 3000,
    buttons: Some(Buttons {
        most: 25,
        title: 75,
        payload: 2000,
        links: true,
    }),
    cards: Cards::Carousel {
        most: 10,
        title: 150,
        subtitle: 150,
        buttons: 3,
    },
    pictures: true,
    markup: Markup::Slack,
    per_second: 1,
    ..PLAIN
};

/// Buttons on Twilio's WhatsApp need templates that Meta has approved; numbers need nothing.
pub const TWILIO_WHATSAPP: Abilities = Abilities {
    platform: "twilio-whatsapp",
    text: 1600,
    pictures: true,
    markup: Markup::Stars,
    window_hours: 24,
    ..PLAIN
};

pub const SMS: Abilities = Abilities {
    platform: "sms",
    unit: Unit::Gsm7,
    text: 1600,
    per_second: 1,
    ..PLAIN
};

pub const CHATWOOT: Abilities = Abilities {
    platform: "chatwoot",
    text: 100_000,
    with_buttons: 100_000,
    buttons: Some(Buttons {
        most: 100,
        title: 0,
        payload: 1000,
        links: false,
    }),
    cards: Cards::Carousel {
        most: 10,
        title: 255,
        subtitle: 255,
        buttons: 3,
    },
    markup: Markup::Markdown,
    ..PLAIN
};

pub const MATRIX: Abilities = Abilities {
    platform: "matrix",
    unit: Unit::Bytes,
    // An event takes 65,536 bytes, with the same text in HTML beside it.
    text: 16_000,
    markup: Markup::Markdown,
    typing: true,
    idempotent: true,
    // Many homeservers take fewer of one account, and say how long to wait.
    per_second: 10,
    ..PLAIN
};

pub const EMAIL: Abilities = Abilities {
    platform: "email",
    text: 100_000,
    // Written as plain text and as HTML when the letter is.
    markup: Markup::Markdown,
    idempotent: true,
    answers_per_hour: 20,
    ..PLAIN
};

/// All of them, for `--as` and for checks.
pub const ALL: [&Abilities; 13] = [
    &WEBHOOK,
    &PLAIN_WEBHOOK,
    &TELEGRAM,
    &WHATSAPP,
    &WHATSAPP_CATALOG,
    &MESSENGER,
    &INSTAGRAM,
    &SLACK,
    &TWILIO_WHATSAPP,
    &SMS,
    &CHATWOOT,
    &MATRIX,
    &EMAIL,
];

impl Abilities {
    /// The table's row of this name.
    pub fn of(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|one| one.platform == name)
    }
}
