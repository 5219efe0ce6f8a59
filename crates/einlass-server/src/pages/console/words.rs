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
        tenants: "Mandanten", "Tenants";
        channels: "Kanäle", "Channels";
        sites: "Vor Ort", "On premises";
        people: "Menschen", "People";
        health: "Betrieb", "Health";
        has_nothing: "Sie hat noch nichts.", "It has nothing yet.";
        ended: "Beendet. Nichts davon gilt mehr.", "Ended. Nothing of it counts any more.";
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
        emergency: "Notfall", "Emergency";
        shut_out: "Überall aussperren", "Shut out everywhere";
        installed_at: "Wo sie installiert ist", "Where it is installed";
        installed_here: "Installierte Apps", "Installed apps";
        no_installations: "Keine.", "None.";
        may: "Darf", "May";
        secrets: "Geheimnisse", "Secrets";
        no_secrets: "Kein Geheimnis.", "No secret.";
        client_id: "Client-ID", "Client id";
        public: "öffentlich: meldet Menschen an und hat kein Geheimnis", "public: signs people in and has no secret";
        end_client: "Diesen Client aussperren", "Shut this client out";
        shut_out_ask: "Diese App überall aussperren?", "Shut this app out everywhere?";
        shut_out_what: "Die App kann sofort bei keinem Händler mehr etwas tun: alle ihre Tokens werden abgelehnt, und alle ihre Geheimnisse und alle Zustimmungen von Menschen enden. Ihre Installationen bleiben; erst mit einem neuen Geheimnis arbeitet sie wieder.", "The app can do nothing at any merchant from that moment on: all its tokens are refused, and all its secrets and all consents of people end. Its installations stay; only a new secret lets it work again.";
        end: "Beenden", "End";
        remove: "Entfernen", "Remove";
        end_client_ask: "Diesen Client aussperren?", "Shut this client out?";
        end_client_what: "Alle seine Tokens werden sofort abgelehnt, und alle seine Geheimnisse und alle Zustimmungen zu ihm enden. Andere Clients der App arbeiten weiter.", "All its tokens are refused at once, and all its secrets and all consents to it end. The app's other clients go on working.";
        calls_of_app: "Aufrufe der App heute", "Calls of the app today";
        end_secret_ask: "Dieses Geheimnis beenden?", "End this secret?";
        end_secret_what: "Was mit ihm geholt wurde, wird sofort abgelehnt, und ein neues Token gibt es dafür nicht. Die anderen Geheimnisse der App gelten weiter; hat sie keines, steht sie still.", "What was fetched with it is refused at once, and it gets no new token. The app's other secrets go on; if it has none, it stands still.";
        remove_ask: "Diese App bei diesem Mandanten entfernen?", "Remove this app from this tenant?";
        remove_what: "Die App kommt sofort nicht mehr an die Daten dieses Mandanten. Bei anderen arbeitet sie weiter, und der Händler kann sie wieder installieren.", "The app has no access to this tenant's data any more, at once. At others it goes on working, and the merchant can install it again.";
        end_tenant: "Alle Tokens ablehnen", "Refuse all tokens";
        end_tenant_ask: "Alle Tokens für diesen Mandanten ablehnen?", "Refuse all tokens for this tenant?";
        end_tenant_what: "Jedes Token von bisher wird für diesen Mandanten sofort abgelehnt, von welcher App auch immer. Apps holen sich neue und arbeiten dann weiter; soll eine das nicht, entfernen Sie sie.", "Every token until now is refused for this tenant at once, whichever app has it. Apps fetch new ones and then go on; if one is not to, remove it.";
        end_registration_ask: "Den Schlüssel dieser App beenden?", "End this app's key?";
        end_registration_what: "Der Schlüssel wird an diesem ERP sofort abgelehnt, und alles, was die App dort tut, hört auf. Das lässt sich nicht zurücknehmen; die App kann sich neu registrieren, und der Händler entscheidet neu.", "The key is refused at this ERP at once, and all that the app does there stops. This cannot be taken back; the app can register anew, and the merchant decides anew.";
        end_channel_ask: "Diesen Kanal aussperren?", "Shut this channel out?";
        end_channel_what: "Alle Tokens des Kanals werden sofort abgelehnt, und alle seine Refresh-Tokens enden. Seine Verkäufer bleiben verknüpft; erst mit einem neuen Refresh-Token arbeitet er wieder.", "All tokens of the channel are refused at once, and all its refresh tokens end. Its sellers stay linked; only a new refresh token lets it work again.";
        end_refresh_token_ask: "Dieses Refresh-Token beenden?", "End this refresh token?";
        end_refresh_token_what: "Was dafür eingetauscht wurde, wird sofort abgelehnt, und es lässt sich nicht mehr eintauschen. Andere Refresh-Tokens gelten weiter.", "What it was exchanged for is refused at once, and it cannot be exchanged any more. Other refresh tokens go on.";
        end_person: "Überall abmelden", "Sign out everywhere";
        end_person_ask: "Diese Person überall abmelden?", "Sign this person out everywhere?";
        end_person_what: "Alle Sitzungen enden, alle Zustimmungen für Apps enden, und jedes Token, das für diese Person handelt, wird sofort abgelehnt. Passwort und Mitgliedschaften bleiben: Sie kann sich wieder anmelden; soll sie das nicht, entfernen Sie sie aus ihren Organisationen.", "All sessions end, all consents to apps end, and every token that acts for this person is refused at once. Password and memberships stay: the person can sign in again; if not meant to, remove them from their organisations.";
        end_grant_ask: "Diese Zustimmung beenden?", "End this consent?";
        end_grant_what: "Die App handelt sofort nicht mehr für diese Person. Andere Zustimmungen bleiben.", "The app no longer acts for this person, at once. Other consents stay.";
        end_admin_token_ask: "Dieses Admin-Token beenden?", "End this admin token?";
        end_admin_token_what: "Was es benutzt, die Befehlszeile oder ein Skript, wird sofort abgelehnt. Apps und Händler merken davon nichts.", "What uses it, the command line or a script, is refused at once. Apps and merchants notice nothing.";

        new_tenant: "Neuer Mandant", "New tenant";
        new_channel: "Neuer Kanal", "New channel";
        new_site: "Neues ERP vor Ort", "New ERP on premises";
        slug_rule: "Kleinbuchstaben, Ziffern und Bindestriche; bleibt für immer.", "Lower-case letters, digits and hyphens; stays for ever.";
        customer_number_rule: "Buchstaben, Ziffern und Bindestriche, höchstens 64; darf leer bleiben.", "Letters, digits and hyphens, at most 64; may stay empty.";
        channel_rule: "5 bis 15 Buchstaben, Ziffern und Unterstriche; bleibt für immer.", "5 to 15 letters, digits and underscores; stays for ever.";
        url_rule: "Eine https-Adresse ohne Fragment, höchstens 500 Zeichen; darf leer bleiben.", "An https address without a fragment, at most 500 characters; may stay empty.";
        database_rule: "Wie das ERP hinter /api heißt: Buchstaben, Ziffern, Bindestriche und Unterstriche, höchstens 64.", "What the ERP is called behind /api: letters, digits, hyphens and underscores, at most 64.";
        customer_number: "Kundennummer", "Customer number";
        account_number: "Kontonummer", "Account number";
        refresh_tokens: "Refresh-Tokens", "Refresh tokens";
        no_refresh_tokens: "Keines. Der Kanal kann nichts eintauschen.", "None. The channel has nothing to exchange.";
        channel: "Kanal", "Channel";
        no_channels: "Noch kein Kanal. Bei der Organisation, die ihn betreibt, lässt sich einer anlegen.", "No channel yet. One is made at the organisation that runs it.";
        sign_up_url: "Hier melden sich Verkäufer an", "Sellers sign up at";
        update_url: "Hier ändern sie, was sie haben", "They change what they have at";
        sellers: "Verknüpfte Verkäufer", "Linked sellers";
        site: "ERP", "ERP";
        sites_what: "ERPs bei Händlern. Welche Apps hineindürfen, entscheiden deren Admins.", "ERPs on merchants' premises. Their admins decide which apps are let in.";
        no_sites: "Noch kein ERP vor Ort. Beim Händler lässt sich eines anlegen.", "No ERP on premises yet. One is made at its merchant.";
        database: "Datenbank", "Database";
        licence: "Lizenz für Apps", "Licence for apps";
        licensed: "vorhanden", "there";
        unlicensed: "keine", "none";
        apps_with_keys: "Apps", "Apps";
        no_registrations: "Hier hat sich noch keine App gemeldet.", "No app has asked here yet.";
        find_person: "Name oder Adresse", "Name or address";
        belongs_nowhere: "Keine.", "None.";
        grants: "Apps, die für diese Person handeln", "Apps that act for this person";
        no_grants: "Keine.", "None.";
        calls_for_person: "Aufrufe für diese Person heute", "Calls for this person today";
        installations_everywhere: "Installationen insgesamt", "Installations in all";
        calls_everywhere: "Aufrufe heute insgesamt", "Calls today in all";

        this_node: "Dieser Knoten", "This node";
        this_node_what: "Zahlen seit seinem Start. Laufend liest man sie unter", "Numbers since its start. Read them continuously at";
        platform: "Die Plattform", "The platform";
        started: "Gestartet", "Started";
        store: "Datenbank", "Database";
        answered_in: "antwortet in", "answers in";
        connections: "Verbindungen in Gebrauch", "Connections in use";
        changes_behind: "Änderungen anderer Knoten, noch nicht übernommen", "Changes of other nodes, not taken note of yet";
        denied: "Einträge der Sperrliste", "Entries of the deny list";
        signing: "Wartende Unterschriften", "Signatures that wait";
        signing_refused: "Abgewiesene Unterschriften", "Signatures turned away";
        token_requests: "Token-Anfragen", "Token requests";
        keys_on_premises: "Schlüssel vor Ort", "Keys on premises";
        busiest: "Wer heute am meisten aufruft", "Who calls most today";

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
    }
}

impl Console {
    /// Where the parts of the console are, and what they are called.
    pub(super) const fn places(&self) -> [(&'static str, &'static str); 9] {
        [
            ("/admin", self.organisations),
            ("/admin/apps", self.apps),
            ("/admin/channels", self.channels),
            ("/admin/sites", self.sites),
            ("/admin/people", self.people),
            ("/admin/audit", self.audit),
            ("/admin/keys", self.keys),
            ("/admin/tokens", self.tokens),
            ("/admin/health", self.health),
        ]
    }

    /// What to say first where somebody comes back to.
    pub(super) fn said(&self, done: &str) -> Option<&'static str> {
        (done == "ended").then_some(self.ended)
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
