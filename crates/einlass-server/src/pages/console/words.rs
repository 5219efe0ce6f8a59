//! What the console says, each thing in both languages side by side.

use crate::keys::Phase;
use crate::pages::visit::Visit;
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
        sites: "ERPs vor Ort", "ERPs on premises";
        people: "Personen", "People";
        health: "Betrieb", "Health";
        has_nothing: "Sie hat noch nichts.", "It has nothing yet.";
        ended: "Beendet.", "Ended.";
        none: "Keine.", "None.";
        in_the_audit: "Im Protokoll", "In the audit";
        done_by_person: "was diese Person tat", "what this person did";
        find: "Finden", "Find";
        find_id: "Kennung oder Name für Maschinen", "Id, or name for machines";
        nothing_found: "Nichts hat diese Kennung", "Nothing has this id";
        nothing_found_what: "Gefunden werden Organisationen, Mandanten, Apps, Clients, Geheimnisse, Kanäle, Refresh-Tokens, ERPs und ihre Apps, Personen und Zustimmungen: nach der Kennung, und was einen Namen für Maschinen oder eine Adresse hat, auch danach. Anfragen und Access-Tokens haben keine Seite: Was zu ihnen geschah, steht im Log der Knoten bei ihrer Kennung.", "Organisations, tenants, apps, clients, secrets, channels, refresh tokens, ERPs and their apps, people and consents are found: by their id, and what has a name for machines or an address by that too. Requests and access tokens have no page: what became of them is in the nodes' logs, by their id.";
        only_admins: "Das ändern Admins des Betreibers.", "Admins of the operator change this.";

        waiting: "Wartet auf Veröffentlichung", "Waiting for publication";
        nothing_waits: "Nichts wartet.", "Nothing is waiting.";
        every_app: "Alle Apps", "Every app";
        find_label: "Name der App", "Name of the app";
        no_app_found: "Keine App heißt so.", "No app is called that.";
        no_apps: "Noch keine App. Partner legen sie im Partner Portal an.", "No app yet. Partners register them in the Partner Portal.";
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
        may: "Darf", "May";
        secrets: "Geheimnisse", "Secrets";
        no_secrets: "Kein Geheimnis.", "No secret.";
        client_id: "Client-ID", "Client id";
        public: "öffentlich: meldet Menschen an und hat kein Geheimnis", "public: signs people in and has no secret";
        end_client: "Diesen Client aussperren", "Shut this client out";
        shut_out_ask: "Diese App überall aussperren?", "Shut this app out everywhere?";
        shut_out_what: "Die App kann sofort bei keinem Händler mehr etwas tun: Alle ihre Tokens werden abgelehnt, neue bekommt sie nicht, auch nicht im Hub, und alle ihre Geheimnisse und alle Zustimmungen von Menschen enden. Ihre Installationen bleiben. Erst wenn Sie die App wieder zulassen, arbeitet sie wieder, mit einem neuen Geheimnis.", "The app can do nothing at any merchant from that moment on: all its tokens are refused, it gets no new ones, in the hub neither, and all its secrets and all consents of people end. Its installations stay. Only when you let the app in again does it work again, with a new secret.";
        shut_out_here: "Aussperren", "Shut out";
        is_shut_out: "Ausgesperrt seit", "Shut out since";
        readmit: "Wieder zulassen", "Let in again";
        app_readmit_what: "Sie kann nichts tun, bis sie wieder zugelassen wird; dann braucht sie ein neues Geheimnis.", "It can do nothing until it is let in again; then it needs a new secret.";
        channel_readmit_what: "Er kann nichts tun, bis er wieder zugelassen wird; dann braucht er ein neues Refresh-Token.", "It can do nothing until it is let in again; then it needs a new refresh token.";
        end_client_ask: "Diesen Client aussperren?", "Shut this client out?";
        end_client_what: "Alle seine Tokens werden sofort abgelehnt, und alle seine Geheimnisse und alle Zustimmungen zu ihm enden. Andere Clients der App arbeiten weiter. Mit einem neuen Geheimnis oder einer neuen Zustimmung arbeitet auch dieser wieder; soll er das nicht, sperren Sie die App aus.", "All its tokens are refused at once, and all its secrets and all consents to it end. The app's other clients go on working. With a new secret or a new consent this one works again too; if it is not to, shut the app out.";
        calls_of_app: "Aufrufe der App heute", "Calls of the app today";
        end_secret_ask: "Dieses Geheimnis beenden?", "End this secret?";
        end_secret_what: "Was mit ihm geholt wurde, wird sofort abgelehnt, und ein neues Token gibt es dafür nicht. Die anderen Geheimnisse der App gelten weiter; hat sie kein anderes, bekommt sie für sich selbst keine Tokens mehr.", "What was fetched with it is refused at once, and it gets no new token. The app's other secrets go on; with no other it gets no more tokens of its own.";
        remove_ask: "Diese App bei diesem Mandanten entfernen?", "Remove this app from this tenant?";
        remove_what: "Die App kommt sofort nicht mehr an die Daten dieses Mandanten. Bei anderen arbeitet sie weiter, und der Händler kann sie wieder installieren.", "The app has no access to this tenant's data any more, at once. At others it goes on working, and the merchant can install it again.";
        end_tenant: "Alle Tokens ablehnen", "Refuse all tokens";
        end_tenant_ask: "Alle Tokens für diesen Mandanten ablehnen?", "Refuse all tokens for this tenant?";
        end_tenant_what: "Jedes Token von bisher wird für diesen Mandanten sofort abgelehnt, von welcher App auch immer, und jedes, mit dem er auf Marktplätzen verkauft. Apps holen sich neue und arbeiten dann weiter; soll eine das nicht, entfernen Sie sie. Refresh-Tokens bleiben, und was die Kanäle selbst haben, auch.", "Every token of apps until now is refused for this tenant at once, and every one with which it sells on marketplaces. Apps fetch new ones and then go on; if one is not to, remove it. Refresh tokens stay, and so does what channels have themselves.";
        end_registration_ask: "Den Schlüssel dieser App beenden?", "End this app's key?";
        end_registration_what: "Der Schlüssel wird an diesem ERP sofort abgelehnt, und alles, was die App dort tut, hört auf. Das lässt sich nicht zurücknehmen; die App kann sich neu registrieren, und der Händler entscheidet neu.", "The key is refused at this ERP at once, and all that the app does there stops. This cannot be taken back; the app can register anew, and the merchant decides anew.";
        end_channel_ask: "Diesen Kanal aussperren?", "Shut this channel out?";
        end_channel_what: "Alle Tokens des Kanals werden sofort abgelehnt, alle seine Refresh-Tokens enden, und neue bekommt er nicht. Seine Verkäufer bleiben verknüpft. Erst wenn Sie den Kanal wieder zulassen, arbeitet er wieder, mit einem neuen Refresh-Token.", "All tokens of the channel are refused at once, all its refresh tokens end, and it gets no new ones. Its sellers stay linked. Only when you let the channel in again does it work again, with a new refresh token.";
        end_refresh_token_ask: "Dieses Refresh-Token beenden?", "End this refresh token?";
        end_refresh_token_what: "Was dafür eingetauscht wurde, wird sofort abgelehnt, und es lässt sich nicht mehr eintauschen. Andere Refresh-Tokens gelten weiter.", "What it was exchanged for is refused at once, and it cannot be exchanged any more. Other refresh tokens go on.";
        end_person: "Überall abmelden", "Sign out everywhere";
        end_person_ask: "Diese Person überall abmelden?", "Sign this person out everywhere?";
        end_person_what: "Alle Sitzungen enden, alle Zustimmungen für Apps enden, und jedes Token, das für diese Person handelt, wird sofort abgelehnt. Passwort und Mitgliedschaften bleiben: Sie kann sich wieder anmelden; soll sie das nicht, entfernen Sie sie aus ihren Organisationen.", "All sessions end, all consents to apps end, and every token that acts for this person is refused at once. Password and memberships stay: the person can sign in again; if not meant to, remove them from their organisations.";
        end_grant_ask: "Diese Zustimmung beenden?", "End this consent?";
        end_grant_what: "Was die App mit dieser Zustimmung bekam, wird sofort abgelehnt, und neue Tokens gibt es dafür nicht. Andere Zustimmungen bleiben, und wo die App installiert ist, arbeitet sie für sich selbst weiter.", "What the app got by this consent is refused at once, and there are no new tokens for it. Other consents stay, and where the app is installed it goes on for itself.";
        end_admin_token_ask: "Dieses Admin-Token beenden?", "End this admin token?";
        end_admin_token_what: "Was es benutzt, die Befehlszeile oder ein Skript, wird sofort abgelehnt. Apps und Händler merken davon nichts.", "What uses it, the command line or a script, is refused at once. Apps and merchants notice nothing.";

        new_tenant: "Neuer Mandant", "New tenant";
        new_channel: "Neuer Kanal", "New channel";
        new_site: "Neues ERP vor Ort", "New ERP on premises";
        slug_rule: "Kleinbuchstaben, Ziffern und Bindestriche dazwischen, höchstens 64; bleibt für immer.", "Lower-case letters, digits and hyphens between them, at most 64; stays for ever.";
        customer_number_rule: "Buchstaben, Ziffern und Bindestriche, höchstens 64; darf leer bleiben.", "Letters, digits and hyphens, at most 64; may stay empty.";
        channel_rule: "5 bis 15 Buchstaben, Ziffern und Unterstriche; bleibt für immer.", "5 to 15 letters, digits and underscores; stays for ever.";
        url_rule: "Eine https-Adresse ohne Fragment, höchstens 500 Zeichen; darf leer bleiben.", "An https address without a fragment, at most 500 characters; may stay empty.";
        database_rule: "Wie das ERP hinter /api heißt: Buchstaben, Ziffern, Bindestriche und Unterstriche, höchstens 64.", "What the ERP is called behind /api: letters, digits, hyphens and underscores, at most 64.";
        customer_number: "Kundennummer", "Customer number";
        account_number: "Kontonummer", "Account number";
        no_refresh_tokens: "Keines. Admins des Partners machen eines im Partner Portal.", "None. The partner's admins make one in the Partner Portal.";
        seller_tokens: "Refresh-Tokens als Verkäufer", "Refresh tokens as a seller";
        no_channels: "Noch kein Kanal. Bei der Organisation, die ihn betreibt, lässt sich einer anlegen.", "No channel yet. One is made at the organisation that runs it.";
        site: "ERP", "ERP";
        sites_what: "ERPs bei Händlern. Welche Apps hineindürfen, entscheiden deren Admins.", "ERPs on merchants' premises. Their admins decide which apps are let in.";
        no_sites: "Noch kein ERP vor Ort. Beim Händler lässt sich eines anlegen.", "No ERP on premises yet. One is made at its merchant.";
        database: "Datenbank", "Database";
        licence: "Lizenz für Apps", "Licence for apps";
        licensed: "vorhanden", "there";
        unlicensed: "keine", "none";
        no_registrations: "Hier hat sich noch keine App gemeldet.", "No app has asked here yet.";
        find_person: "Name oder Adresse", "Name or address";
        grants: "Apps, die für diese Person handeln", "Apps that act for this person";
        calls_for_person: "Aufrufe über Zustimmungen heute", "Calls by consents today";
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

    /// To which part a page of one thing belongs: it says that part's path with a slash at its end.
    pub(super) fn part_of(&self, here: &str) -> Option<&'static str> {
        let mut parts = self.places().into_iter().map(|(path, _)| path);
        parts.find(|path| here.strip_suffix('/') == Some(path))
    }

    /// What to say first where somebody comes back to from an end.
    pub(super) fn said(&self, visit: &Visit, done: &str) -> Option<&'static str> {
        (done == "ended" && visit.came_from("/admin/end/")).then_some(self.ended)
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
