//! What an account takes on each messenger: its settings, and its secrets.

/// What an account's own settings take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Switch,
    Whole,
    Url,
    Mailbox,
    OneOf(&'static [&'static str]),
}

pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) required: bool,
}

/// A secret of an account: `SHOPTALK_TELEGRAM_TOKEN` of the account `telegram`.
pub(super) struct Needed {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) what: &'static str,
}

pub(super) struct Platform {
    pub(super) name: &'static str,
    pub(super) options: &'static [Setting],
    pub(super) secrets: &'static [Needed],
}

const fn text(name: &'static str, required: bool) -> Setting {
    Setting {
        name,
        takes: Takes::Text,
        required,
    }
}

const fn takes(name: &'static str, takes: Takes) -> Setting {
    Setting {
        name,
        takes,
        required: false,
    }
}

const fn secret(name: &'static str, what: &'static str) -> Needed {
    Needed {
        name,
        required: true,
        what,
    }
}

/// Of every account.
pub(super) const ALL: &[Setting] = &[
    text("platform", false),
    takes("api", Takes::Url),
    takes("answer_within_hours", Takes::Whole),
    takes("unknown", Takes::OneOf(&["leave", "resend"])),
    takes("per_second", Takes::Whole),
    takes("send_seconds", Takes::Whole),
    text("disclosure", false),
    text("photo_hosts", false),
    text("invite", false),
];

pub(super) const PLATFORMS: &[Platform] = &[
    Platform {
        name: "webhook",
        options: &[
            Setting {
                name: "url",
                takes: Takes::Url,
                required: true,
            },
            takes("plain", Takes::Switch),
        ],
        secrets: &[secret(
            "SECRET",
            "the secret both sides sign with (`whsec_…`)",
        )],
    },
    Platform {
        name: "telegram",
        options: &[takes("poll", Takes::Switch)],
        secrets: &[
            secret("TOKEN", "the token that @BotFather gave you"),
            Needed {
                name: "SECRET",
                required: false,
                what: "the secret_token of setWebhook",
            },
        ],
    },
    Platform {
        name: "whatsapp",
        options: &[
            text("phone_number_id", true),
            text("version", false),
            text("template", false),
            text("template_language", false),
            text("catalog_id", false),
        ],
        secrets: META,
    },
    Platform {
        name: "messenger",
        options: &[text("version", false), text("page_id", false)],
        secrets: META,
    },
    Platform {
        name: "instagram",
        options: &[text("version", false), text("page_id", false)],
        secrets: META,
    },
    Platform {
        name: "slack",
        options: &[takes("socket", Takes::Switch)],
        secrets: &[
            secret("TOKEN", "the bot token (`xoxb-…`)"),
            Needed {
                name: "SECRET",
                required: false,
                what: "the app's signing secret",
            },
            Needed {
                name: "APP_TOKEN",
                required: false,
                what: "the app-level token (`xapp-…`)",
            },
        ],
    },
    Platform {
        name: "twilio",
        options: &[
            text("account_sid", true),
            text("from", true),
            text("public_url", false),
        ],
        secrets: &[
            secret("TOKEN", "the auth token"),
            Needed {
                name: "SHARED_KEY",
                required: false,
                what: "the key of SHA-256 signatures",
            },
        ],
    },
    Platform {
        name: "email",
        options: &[
            Setting {
                name: "address",
                takes: Takes::Mailbox,
                required: true,
            },
            text("subject", false),
            takes("answers_per_hour", Takes::Whole),
        ],
        secrets: &[
            Needed {
                name: "SECRET",
                required: false,
                what: "words of your own in the address that your mail service calls",
            },
            Needed {
                name: "SIGNING_KEY",
                required: false,
                what: "Mailgun's HTTP webhook signing key",
            },
        ],
    },
    Platform {
        name: "matrix",
        options: &[
            Setting {
                name: "homeserver",
                takes: Takes::Url,
                required: true,
            },
            text("user", false),
            text("invited_by", false),
            takes("groups", Takes::OneOf(&["mentioned", "all"])),
        ],
        secrets: &[
            Needed {
                name: "TOKEN",
                required: false,
                what: "the access token of the account",
            },
            Needed {
                name: "PASSWORD",
                required: false,
                what: "the password of `user`",
            },
        ],
    },
    Platform {
        name: "chatwoot",
        options: &[text("account_id", true)],
        secrets: &[
            secret("TOKEN", "the access token of the agent bot"),
            Needed {
                name: "SECRET",
                required: false,
                what: "the agent bot's webhook secret",
            },
            Needed {
                name: "PATH_SECRET",
                required: false,
                what: "words of your own behind ?secret= of the address that Chatwoot calls",
            },
        ],
    },
];

const META: &[Needed] = &[
    secret("TOKEN", "the access token"),
    secret("SECRET", "the app secret"),
    secret("VERIFY_TOKEN", "the verify token, words of your own"),
];

/// The names of all platforms, for `--as` and for documents.
pub fn platforms() -> impl Iterator<Item = &'static str> {
    PLATFORMS.iter().map(|one| one.name)
}
