//! What the console says, each thing in both languages side by side.

use crate::keys::Phase;
use crate::pages::words::words;
use einlass_protocol::language::Language;
use einlass_store::{ListingState, Outcome};

words! {
    /// What these pages say in one language.
    Console {
        parts: "Bereiche der Konsole", "Parts of the console";
        organisations: "Organisationen", "Organisations";
        apps: "Apps", "Apps";
        audit: "Protokoll", "Audit";
        keys: "Schlüssel", "Keys";
        tokens: "Admin-Tokens", "Admin tokens";
        only_admins: "Das ändern Admins des Betreibers.", "Admins of the operator change this.";

        waiting: "Wartet auf Veröffentlichung", "Waiting for publication";
        nothing_waits: "Nichts wartet.", "Nothing is waiting.";
        every_app: "Alle Apps", "Every app";
        find_label: "Name der App", "Name of the app";
        no_app_found: "Keine App heißt so.", "No app is called that.";
        technical_name: "Technischer Name", "Technical name";
        owner: "Gehört", "Belongs to";
        state: "Stand", "State";
        version: "Version", "Version";
        pages_at: "Ihre Seiten kommen von", "Its pages come from";
        no_manifest: "Kein Manifest. Ohne eines weiß niemand, was die App ist, und sie lässt sich nicht veröffentlichen.", "No manifest. Without one nobody knows what the app is, and it cannot be published.";
        launcher: "Eigene Seite der App", "The app's own site";
        support: "Hilfe", "Help";
        privacy: "Datenschutz", "Privacy";
        terms: "Nutzungsbedingungen", "Terms of use";
        scopes: "Was die App braucht", "What the app needs";
        no_scopes: "Nichts an der API.", "Nothing at the API.";
        listing: "Veröffentlichen", "Publishing";
        development_what: "In Entwicklung: nur wer sie macht, findet sie.", "In development: whoever makes it finds it, and nobody else.";
        submitted_what: "Eingereicht: der Partner wartet auf Ihre Entscheidung.", "Submitted: the partner waits for you to decide.";
        published_what: "Veröffentlicht: jeder Händler findet sie.", "Published: every merchant finds it.";
        publish: "Veröffentlichen", "Publish";
        send_back: "Zurück in die Entwicklung", "Send back to development";
        send_back_what: "Händler finden sie dann nicht mehr. Wo sie installiert ist, arbeitet sie weiter.", "Merchants no longer find it then. Where it is installed it goes on working.";
        installations: "Installationen", "Installations";
        calls_today: "Aufrufe heute", "Calls today";
        emergency: "Notfall", "Emergency";
        shut_out: "Überall aussperren", "Shut out everywhere";
        shut_out_ask: "Diese App überall aussperren?", "Shut this app out everywhere?";
        shut_out_what: "Die App kann sofort bei keinem Händler mehr etwas tun: alle ihre Tokens werden abgelehnt, und alle ihre Geheimnisse und alle Zustimmungen von Menschen enden. Ihre Installationen bleiben; erst mit einem neuen Geheimnis arbeitet sie wieder.", "The app can do nothing at any merchant from that moment on: all its tokens are refused, and all its secrets and all consents of people end. Its installations stay; only a new secret lets it work again.";
        was_shut_out: "Ausgesperrt. Keines ihrer Tokens und keines ihrer Geheimnisse gilt mehr.", "Shut out. None of its tokens and none of its secrets count any more.";

        when: "Wann", "When";
        actor: "Wer", "Who";
        action: "Was", "What";
        subject: "Woran", "About what";
        outcome: "Ausgang", "Outcome";
        detail: "Näheres", "Detail";
        address: "Von wo", "From where";
        any: "jeder", "any";
        done: "getan", "done";
        refused: "abgelehnt", "refused";
        since: "Vom (UTC)", "From (UTC)";
        until: "Bis einschließlich (UTC)", "To and including (UTC)";
        filter: "Filtern", "Filter";
        filter_hint: "Genau wie es in der Liste steht. Was leer ist, zählt nicht.", "Exactly as the list has it. What is empty does not matter.";
        no_events: "Nichts davon steht im Protokoll.", "The audit has nothing like that.";
        export: "Als Datei (JSON-Zeilen)", "Export (JSON lines)";
        export_hint: "Die neuesten 10.000, auf die diese Filter zutreffen.", "The newest 10,000 that these filters fit.";

        keys_what: "Damit unterschreibt die Plattform Tokens. Schlüssel folgen einander von selbst: angekündigt, im Dienst, im Ruhestand.", "The platform signs tokens with these. Keys follow each other by themselves: announced, signing, retired.";
        key: "Schlüssel", "Key";
        algorithm: "Verfahren", "Algorithm";
        issuer: "Aussteller", "Issuer";
        announced_at: "Angekündigt", "Announced";
        signs_from: "Unterschreibt ab", "Signs from";
        rotate: "Jetzt wechseln", "Rotate now";
        rotate_what: "Kündigt die nächsten Schlüssel jetzt an. Alte Tokens gelten weiter, nichts fällt aus.", "Announces the next keys now. Old tokens go on counting, nothing is interrupted.";
        rotated: "Die nächsten Schlüssel sind angekündigt.", "The next keys are announced.";
        distrust: "Misstrauen", "Distrust";
        distrust_ask: "Diesem Schlüssel misstrauen?", "Distrust this key?";
        distrust_what: "Jedes Token, das er unterschrieben hat, wird hier sofort abgelehnt, und anderswo, sobald man dort die Schlüssel neu liest. Apps und Menschen brauchen neue; die unterschreibt sein Nachfolger. Das lässt sich nicht zurücknehmen.", "Every token that it signed is refused here at once, and elsewhere as soon as keys are read again there. Apps and people need new ones, which its successor signs. This cannot be undone.";
        was_distrusted: "Was dieser Schlüssel unterschrieben hat, gilt nicht mehr.", "What that key signed no longer counts.";
    }
}

impl Console {
    /// Where the parts of the console are, and what they are called.
    pub(super) const fn places(&self) -> [(&'static str, &'static str); 5] {
        [
            ("/admin", self.organisations),
            ("/admin/apps", self.apps),
            ("/admin/audit", self.audit),
            ("/admin/keys", self.keys),
            ("/admin/tokens", self.tokens),
        ]
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn state_of(&self, state: &ListingState) -> &'static str {
        self.either(match state {
            ListingState::Development => ("in Entwicklung", "in development"),
            ListingState::Submitted => ("eingereicht", "submitted"),
            ListingState::Published => ("veröffentlicht", "published"),
        })
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn meaning_of(&self, state: &ListingState) -> &'static str {
        match state {
            ListingState::Development => self.development_what,
            ListingState::Submitted => self.submitted_what,
            ListingState::Published => self.published_what,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn phase(&self, phase: &Phase) -> &'static str {
        self.either(match phase {
            Phase::Announced => ("angekündigt", "announced"),
            Phase::Signing => ("im Dienst", "signing"),
            Phase::Retired => ("im Ruhestand", "retired"),
            Phase::Distrusted => ("gilt nicht mehr", "distrusted"),
        })
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn outcome_of(&self, outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Done => self.done,
            Outcome::Refused => self.refused,
        }
    }

    const fn either(&self, (german, english): (&'static str, &'static str)) -> &'static str {
        match self.language {
            Language::German => german,
            Language::English => english,
        }
    }
}
