//! What the Partner Portal says, each thing in both languages side by side.

use crate::pages::words::words;
use crate::portal::Lack;
use einlass_protocol::language::Language;
use einlass_store::ListingState;

words! {
    /// What these pages say in one language.
    Portal {
        your_apps: "Ihre Apps", "Your apps";
        new_app: "App anlegen", "New app";
        find: "Suchen", "Find";
        find_label: "Name der App", "Name of the app";
        no_app_found: "Keine App heißt so.", "No app is called that.";
        first_app: "Noch keine App. Die erste braucht ein Manifest; ein Beispiel liegt bereit.", "No app yet. The first one needs a manifest; an example is ready.";
        technical_name: "Technischer Name", "Technical name";
        technical_rule: "Kleinbuchstaben, Ziffern und Bindestriche; bleibt für immer. Sagt das Manifest ihn schon, darf das Feld leer bleiben.", "Lower-case letters, digits and hyphens; stays for ever. If the manifest says it, the field may stay empty.";
        name_taken: "Eine andere App heißt schon so.", "Another app is called that already.";
        name_fault: "Kleinbuchstaben, Ziffern und Bindestriche dazwischen, höchstens 64 Zeichen.", "Lower-case letters, digits and hyphens between them, at most 64 characters.";
        manifest: "Manifest", "Manifest";
        manifest_what: "Was die App von sich sagt: wie sie heißt, wo ihre Seiten sind, was sie braucht. Version 1 wird so behalten; Versionen 2 und 3 werden übernommen.", "What the app says of itself: what it is called, where its pages are, what it needs. Version 1 is kept as it is; versions 2 and 3 are taken over.";
        manifest_fine: "Daran ist nichts auszusetzen.", "Nothing is wrong with it.";
        manifest_faults: "Das muss anders werden:", "This has to change:";
        taken_over: "Übernommen. Dafür hat Version 1 keinen Platz:", "Taken over. Version 1 has no place for:";
        save: "Speichern", "Save";
        saved: "Gespeichert. Händler sehen es ab sofort.", "Saved. Merchants see it from now on.";
        edit_manifest: "Manifest bearbeiten", "Edit the manifest";
        manifest_changes: "Ein neues Token der App enthält, was hier steht. Was Sie herausnehmen, kann sie beim nächsten Token nicht mehr; was dazukommt, müssen Händler erst erlauben.", "A new token of the app holds what stands here. What you take out it cannot do from its next token on; what you add, merchants have to allow first.";
        register: "App anlegen", "Register the app";
        secret_once: "Das wird nur jetzt gezeigt. Wer es verliert, macht ein neues.", "This is shown now and never again. Whoever loses it makes a new one.";
        secret: "Geheimnis", "Secret";
        secrets: "Geheimnisse", "Secrets";
        new_secret: "Neues Geheimnis", "New secret";
        secret_name_hint: "damit man es wiedererkennt, etwa der Server, der es benutzt", "so that one knows it again: the server that uses it, for example";
        expires: "Gilt", "Counts for";
        expires_never: "bis es beendet wird", "until it is ended";
        expires_90: "90 Tage", "90 days";
        expires_365: "ein Jahr", "a year";
        copy: "Kopieren", "Copy";
        copied: "Kopiert", "Copied";
        download: "Als .env-Datei", "As a .env file";
        download_hint: "Die Datei gehört in kein Repository.", "The file belongs into no repository.";
        state: "Stand", "State";
        end_secret_what: "Dieses Geheimnis beenden?", "End this secret?";
        end_secret_hint: "Was mit ihm geholt wurde, gilt sofort nicht mehr. Andere Geheimnisse der App gelten weiter; hat sie kein anderes, bekommt sie keine Tokens mehr.", "What was fetched with it stops counting at once. The app's other secrets go on; with no other it gets no more tokens.";
        installations: "Installationen", "Installations";
        no_secrets: "Kein Geheimnis. Ohne eines bekommt die App keine Tokens.", "No secret. Without one the app gets no tokens.";
        rotate_hint: "Wechseln: ein neues machen, es überall eintragen, und das alte beenden, wenn es niemand mehr benutzt.", "To change: make a new one, put it everywhere, and end the old one when nobody uses it any more.";
        client_id: "Client-ID", "Client id";
        app_id: "App-ID", "App id";
        public: "öffentlich: meldet Menschen an und hat kein Geheimnis", "public: signs people in and has no secret";
        version: "Version", "Version";
        scopes: "Was die App braucht", "What the app needs";
        no_scopes: "Nichts an der API.", "Nothing at the API.";
        unused: "seit 30 Tagen nicht gebraucht: kann weg", "not used in 30 days: you can drop it";
        installed_at: "Wo sie installiert ist", "Where it is installed";
        installed_nowhere: "Nirgends.", "Nowhere.";
        refused_calls: "Abgelehnte Aufrufe", "Refused calls";
        refused_calls_what: "Die letzten zehn; gleiche innerhalb von zehn Sekunden stehen einmal da. Was die API selbst mit einem Fehler beantwortet, steht nicht hier.", "The last ten; alike ones within ten seconds are there once. What the API itself answers with an error is not among them.";
        call: "Aufruf", "Call";
        reason: "Grund", "Reason";
        refresh_token: "Refresh-Token", "Refresh token";
        too_many_tokens: "Zwanzig gelten schon. Beenden Sie zuerst eines, das niemand mehr benutzt.", "Twenty count already. First end one that nobody uses any more.";
        new_refresh_token: "Neues Refresh-Token", "New refresh token";
        no_refresh_tokens: "Keines. Ohne eines bekommt der Kanal keine Tokens.", "None. Without one the channel gets no tokens.";
        end_token_ask: "Dieses Refresh-Token beenden?", "End this refresh token?";
        end_token_what: "Was dafür eingetauscht wurde, gilt sofort nicht mehr. Andere Refresh-Tokens des Kanals gelten weiter; hat er kein anderes, bekommt er keine Tokens mehr.", "What it was exchanged for stops counting at once. The channel's other refresh tokens go on; with no other it gets no more tokens.";
        listing: "Veröffentlichen", "Publishing";
        missing: "Dafür fehlt noch:", "Still missing:";
        needs_manifest: "ein Manifest", "a manifest";
        needs_summary: "eine kurze Beschreibung (description.short)", "a short description (description.short)";
        needs_support: "eine Adresse für Hilfe (communication.supportUrl)", "an address for help (communication.supportUrl)";
        needs_privacy: "eine Datenschutzerklärung (legal.privacyUrl)", "a privacy statement (legal.privacyUrl)";
        needs_terms: "Nutzungsbedingungen (legal.termsOfUseUrl)", "terms of use (legal.termsOfUseUrl)";
        submit: "Zur Veröffentlichung einreichen", "Submit for publication";
        take_back: "Zurückziehen", "Take back";
        development_what: "In Entwicklung: Ihr eigenes Unternehmen findet sie, niemand sonst.", "In development: your own organisation finds it, and nobody else.";
        submitted_what: "Eingereicht: der Betreiber sieht sie sich an.", "Submitted: the operator looks at it.";
        published_what: "Veröffentlicht: jeder Händler findet sie.", "Published: every merchant finds it.";
        try_it: "Ausprobieren", "Try it";
        try_what: "Diese Seite holt mit Ihrem Geheimnis ein Token und ruft die API. Das Geheimnis geht nur an den Token-Endpunkt.", "This page gets a token with your secret and calls the API. The secret goes to the token endpoint and nowhere else.";
        try_tenant: "Mandant", "Tenant";
        try_path: "Pfad", "Path";
        try_go: "Aufrufen", "Call";
        try_curl: "Dasselbe im Terminal:", "The same in a terminal:";
        try_script: "Dafür braucht diese Seite Skripte.", "This page needs scripts for that.";
        only_admins: "Das ändern Admins des Partners.", "Admins of the partner change this.";
        from_file: "Oder aus einer Datei", "Or from a file";
    }
}

impl Portal {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn state_of(&self, state: &ListingState) -> &'static str {
        let (german, english) = match state {
            ListingState::Development => ("in Entwicklung", "in development"),
            ListingState::Submitted => ("eingereicht", "submitted"),
            ListingState::Published => ("veröffentlicht", "published"),
        };
        match self.language {
            Language::German => german,
            Language::English => english,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn lack(&self, lack: &Lack) -> &'static str {
        match lack {
            Lack::Manifest => self.needs_manifest,
            Lack::Summary => self.needs_summary,
            Lack::Support => self.needs_support,
            Lack::Privacy => self.needs_privacy,
            Lack::Terms => self.needs_terms,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn meaning_of(&self, state: &ListingState) -> &'static str {
        match state {
            ListingState::Development => self.development_what,
            ListingState::Submitted => self.submitted_what,
            ListingState::Published => self.published_what,
        }
    }
}
