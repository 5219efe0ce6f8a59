//! What pages say, each thing in both languages side by side.

use einlass_protocol::language::Language;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::RegistrationState;

macro_rules! words {
    ($(#[$about:meta])* $type:ident { $($name:ident: $german:literal, $english:literal;)* }) => {
        $(#[$about])*
        #[derive(Debug)]
        pub(super) struct $type {
            language: Language,
            $(pub(super) $name: &'static str,)*
        }

        impl $type {
            pub(super) const fn in_language(language: Language) -> &'static Self {
                const GERMAN: $type = $type { language: Language::German, $($name: $german,)* };
                const ENGLISH: $type = $type { language: Language::English, $($name: $english,)* };
                match language {
                    Language::German => &GERMAN,
                    Language::English => &ENGLISH,
                }
            }
        }
    };
}

pub(super) use words;

words! {
/// What pages say in one language.
Words {
    skip: "Zum Inhalt", "Skip to content";
    account: "Konto", "Account";
    create: "Anlegen", "Create";
    until: "Bis", "Until";
    ended: "beendet", "ended";
    counts: "gilt", "counts";
    expired: "abgelaufen", "expired";
    what_for: "Wofür", "What for";
    channel: "Kanal", "Channel";
    channels: "Kanäle", "Channels";
    sellers: "Verknüpfte Verkäufer", "Linked sellers";
    sign_up_url: "Hier melden sich Verkäufer an", "Sellers sign up at";
    update_url: "Hier ändern sie, was sie haben", "They change what they have at";
    refresh_tokens: "Refresh-Tokens", "Refresh tokens";
    is_shut_out: "Der Betreiber hat sie ausgesperrt", "The operator has shut it out";
    shut_out_what: "Vom Betreiber ausgesperrt: Bis er das aufhebt, bekommt sie keine Tokens und kann nirgends etwas tun. Fragen Sie ihn, warum.", "Shut out by the operator: until that is lifted it gets no tokens and can do nothing anywhere. Ask the operator why.";
    usage: "Nutzung", "Usage";
    usage_none: "In den letzten 14 Tagen keine.", "None in the last 14 days.";
    usage_hint: "Gezählt wird alle zehn Sekunden, der Tag beginnt um Mitternacht UTC.", "Counted every ten seconds; a day begins at midnight UTC.";
    calls_today: "Aufrufe heute", "Calls today";
    day: "Tag", "Day";
    tokens: "Tokens", "Tokens";
    calls: "Aufrufe", "Calls";
    errors: "davon Fehler", "of them errors";
    kind: "Art", "Kind";
    id: "Kennung", "Id";
    both: "Händler und Partner", "Merchant and partner";
    other_language: "English", "Deutsch";
    back: "Zurück", "Back";
    cancel: "Abbrechen", "Cancel";
    save: "Speichern", "Save";
    search: "Suchen", "Search";
    more: "Weitere", "More";
    from_the_start: "Zum Anfang", "Back to the start";

    sign_in: "Anmelden", "Sign in";
    sign_out: "Abmelden", "Sign out";
    email: "E-Mail-Adresse", "E-mail address";
    password: "Passwort", "Password";
    forgotten: "Passwort vergessen? Ein Admin Ihrer Organisation gibt Ihnen einen Link.", "Forgot your password? An admin of your organisation can give you a link.";
    wrong: "Adresse oder Passwort stimmt nicht.", "Address or password is wrong.";
    wrong_password: "Das Passwort stimmt nicht.", "The password is wrong.";
    too_many_guesses: "Zu viele falsche Passwörter. Versuchen Sie es in ein paar Minuten wieder.", "Too many wrong passwords. Try again in a few minutes.";
    confirm: "Bestätigen Sie, dass Sie es sind", "Confirm that it is you";
    confirm_why: "Was Sie vorhaben, kann anderen den Zugang nehmen oder geben. Danach geht es dort weiter, wo Sie waren.", "What you are about to do can take access away or give it. Then you go on where you were.";
    confirm_do: "Bestätigen", "Confirm";

    your_account: "Ihr Konto", "Your account";
    organisations: "Organisationen", "Organisations";
    no_organisations: "Sie gehören zu keiner Organisation. Bitten Sie einen Admin um eine Einladung.", "You belong to no organisation. Ask an admin for an invitation.";
    new_password: "Neues Passwort", "New password";
    current_password: "Jetziges Passwort", "Current password";
    password_rule: "Mindestens 12 Zeichen. Mehrere Wörter sind leichter zu merken.", "At least 12 characters. Several words are easier to remember.";
    change_password: "Passwort ändern", "Change password";
    change_password_what: "Alle anderen Sitzungen enden, und keine App handelt mehr für Sie, bis Sie es ihr wieder erlauben.", "All other sessions end, and no app acts for you until you allow it again.";
    recovered: "Das neue Passwort gilt. Sehen Sie Ihre Passkeys an, und entfernen Sie, was Sie nicht kennen.", "The new password counts. Look at your passkeys, and remove what you do not know.";
    too_many_requests: "Zu viele Anfragen von Ihrer Adresse", "Too many requests from your address";
    password_changed: "Das Passwort ist geändert. Andere Sitzungen sind beendet, und keine App handelt mehr für Sie.", "The password is changed. Other sessions have ended, and no app acts for you any more.";
    too_short: "Das Passwort ist zu kurz: mindestens 12 Zeichen.", "The password is too short: at least 12 characters.";
    too_long: "Das Passwort ist zu lang: höchstens 256 Zeichen.", "The password is too long: at most 256 characters.";
    guessable: "Dieses Passwort lässt sich erraten. Wählen Sie ein anderes.", "This password can be guessed. Choose another one.";
    passkey: "Passkey", "Passkey";
    passkeys: "Passkeys", "Passkeys";
    passkeys_what: "Ein Passkey liegt in Ihrem Gerät oder Sicherheitsschlüssel. Wer einen hat, wird nach dem Passwort danach gefragt: Ein erratenes Passwort öffnet dann nichts.", "A passkey is in your device or security key. Who has one is asked for it after the password: a guessed password then opens nothing.";
    no_passkeys: "Noch keiner. Fügen Sie am besten zwei hinzu, damit der Verlust eines Geräts Sie nicht aussperrt.", "None yet. Best add two, so that a lost device does not lock you out.";
    add_passkey: "Passkey hinzufügen", "Add a passkey";
    passkey_localhost: "Browser legen Passkeys nur für Namen an, nicht für Adressen. Auf diesem Rechner geht es hier:", "Browsers make passkeys for names alone, not for addresses. On this machine it works here:";
    passkey_name: "Wie heißt das Gerät?", "What is the device called?";
    passkey_added: "Der Passkey ist hinzugefügt. Beim nächsten Anmelden werden Sie danach gefragt. Andere Sitzungen sind beendet.", "The passkey is added. You are asked for it when you sign in next. Other sessions have ended.";
    passkey_ask: "Das Passwort stimmt. Bestätigen Sie jetzt mit Ihrem Passkey.", "The password is right. Now confirm with your passkey.";
    passkey_use: "Passkey benutzen", "Use the passkey";
    passkey_failed: "Das hat nicht geklappt. Versuchen Sie es noch einmal, oder beginnen Sie neu.", "That did not work. Try again, or start anew.";
    passkey_failed_title: "Der Passkey gilt hier nicht", "The passkey does not count here";
    passkey_too_many: "Sie haben schon zwanzig. Entfernen Sie einen, den Sie nicht mehr brauchen.", "You have twenty already. Remove one that you no longer need.";
    passkey_nameless: "Passkeys gibt es nur, wo die Adresse einen Namen hat.", "There are passkeys only where the address has a name.";
    passkey_script: "Dafür muss Ihr Browser Skripte ausführen.", "For this your browser has to run scripts.";
    passkey_lost: "Verloren? Ein Admin Ihrer Organisation gibt Ihnen einen Link, mit dem Sie hineinkommen und ihn entfernen können.", "Lost? An admin of your organisation can give you a link with which you get in and can remove it.";
    never: "nie", "never";
    sessions: "Sitzungen", "Sessions";
    sessions_what: "Wo Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie dann Ihr Passwort. Das beendet auch, was Apps in Ihrem Namen dürfen.", "Where you are signed in. End what you do not know, then change your password. That also ends what apps may do in your name.";
    this_session: "diese", "this one";
    since: "Seit", "Since";
    last_used: "Zuletzt benutzt", "Last used";
    address: "Adresse", "Address";
    device: "Gerät", "Device";
    unknown_device: "unbekannt", "unknown";
    end: "Beenden", "End";
    end_others: "Alle anderen und alle Apps beenden", "End all others and all apps";
    session_ended: "Die Sitzung ist beendet.", "The session has ended.";
    events: "Sicherheitsereignisse", "Security events";
    events_what: "Was mit Ihrem Konto geschah. Kennen Sie etwas davon nicht, ändern Sie Ihr Passwort.", "What happened to your account. If you do not recognise something, change your password.";
    no_events: "Hier steht, was mit Ihrem Konto geschieht. Noch ist nichts geschehen.", "What happens to your account is listed here. Nothing has yet.";
    all_events: "Alle Ereignisse", "All events";
    when: "Wann", "When";
    what: "Was", "What";
    refused: "abgelehnt", "refused";

    members: "Mitglieder", "Members";
    no_members: "Diese Organisation hat noch keine Mitglieder. Laden Sie jemanden ein.", "This organisation has no members yet. Invite somebody.";
    nobody_found: "Niemand passt dazu. Suchen Sie nach einem Teil des Namens oder der Adresse.", "Nobody fits. Search for a part of the name or address.";
    name: "Name", "Name";
    role: "Rolle", "Role";
    admin: "Admin", "Admin";
    member: "Mitglied", "Member";
    you: "Sie", "you";
    invite: "Einladen", "Invite";
    invite_somebody: "Jemanden einladen", "Invite somebody";
    invite_what: "Sie bekommen einen Link, den Sie weitergeben. Er gilt sieben Tage und einmal.", "You get a link to hand on. It counts for seven days, once.";
    make_admin: "Zum Admin machen", "Make admin";
    make_member: "Zum Mitglied machen", "Make member";
    remove: "Entfernen", "Remove";
    recover: "Neues Passwort ermöglichen", "Let choose a new password";
    role_what: "Admins bestimmen, wer Mitglied ist. Ein Mitglied tut die tägliche Arbeit.", "Admins decide who is a member. A member does the daily work.";
    recover_what: "Für jemanden, der das Passwort vergessen oder den Passkey verloren hat: ein Link, der einen Tag und einmal gilt.", "For somebody who forgot the password or lost the passkey: a link that counts for a day, once.";
    remove_what: "Der Zugang zu dieser Organisation endet sofort. Das Konto bleibt, und Links dieses Mitglieds gelten nicht mehr.", "Access to this organisation ends at once. The account stays, and links that this member made no longer count.";
    manage: "Verwalten", "Manage";
    link_ready: "Der Link ist fertig", "The link is ready";
    link_for: "Für", "For";
    link_once: "Er wird nur jetzt gezeigt. Geben Sie ihn so weiter, dass ihn niemand sonst liest: Wer ihn öffnet, hat den Zugang.", "It is shown only now. Hand it on so that nobody else reads it: whoever opens it has the access.";
    not_an_email: "Das ist keine E-Mail-Adresse.", "That is no e-mail address.";

    invitation: "Einladung", "Invitation";
    invited_to: "Sie sind eingeladen, Mitglied zu werden von", "You are invited to become a member of";
    as_role: "als", "as";
    accept: "Annehmen", "Accept";
    make_account: "Konto anlegen", "Create account";
    your_name: "Ihr Name", "Your name";
    name_fault: "Geben Sie einen Namen ein, höchstens 200 Zeichen.", "Enter a name, at most 200 characters.";
    sign_in_to_accept: "Zu dieser Adresse gibt es ein Konto. Melden Sie sich damit an, um anzunehmen.", "There is an account of this address. Sign in with it to accept.";
    wrong_account: "Sie sind mit einem anderen Konto angemeldet.", "You are signed in with another account.";
    recovery: "Neues Passwort wählen", "Choose a new password";
    recovery_for: "Für das Konto", "For the account";
    recovery_what: "Alle Sitzungen dieses Kontos enden.", "All sessions of this account end.";

    hub: "Hub", "Hub";
    no_merchants: "Sie gehören zu keinem Händler. Bitten Sie den Admin eines Händlers um eine Einladung.", "You belong to no merchant. Ask a merchant's admin for an invitation.";
    no_tenants: "Dieser Händler hat noch keinen Mandanten. Der Betreiber legt ihn an.", "This merchant has no tenant yet. The operator creates it.";
    tenant_id: "Mandant", "Tenant";
    no_apps_installed: "Hier ist noch keine App installiert.", "No app is installed here yet.";
    find_apps: "Apps finden", "Find apps";
    all_tenants: "Alle Mandanten", "All tenants";
    no_apps_offered: "Es gibt noch keine App zu installieren. Partner veröffentlichen sie, oder Ihre Organisation entwickelt eine.", "There is no app to install yet. Partners publish them, or your organisation makes one.";
    in_development: "in Entwicklung", "in development";
    being_set_up: "Einrichtung offen", "set-up open";
    installed: "installiert", "installed";
    not_installed: "nicht installiert", "not installed";
    open_app: "Öffnen", "Open";
    opens_new_tab: "(neuer Tab)", "(new tab)";
    go_on_setting_up: "Einrichtung fortsetzen", "Go on setting it up";
    beside: "Apps neben den Seiten des ERP", "Apps beside pages of the ERP";
    customers: "Kunden", "Customers";
    support: "Hilfe des Anbieters", "The maker's help";
    privacy: "Datenschutz", "Privacy";
    terms: "Nutzungsbedingungen", "Terms of use";
    app_wants: "Das will die App dürfen", "What the app wants to be allowed";
    app_wants_more: "Das will die App zusätzlich dürfen", "What the app wants to be allowed besides";
    app_wants_nothing: "Die App fragt nach keinen Daten.", "The app asks for no data.";
    install: "Installieren", "Install";
    install_what: "Mit dem Installieren erlauben Sie ihr das bei", "By installing it you allow this at";
    install_admins: "Installieren und entfernen dürfen Admins des Händlers.", "Admins of the merchant install and remove apps.";
    allow: "Erlauben", "Allow";
    setup_lapses: "Die App darf schon zugreifen, um sich einzurichten. Schließt sie das nicht ab, endet der Zugriff von selbst:", "The app may act already, to set itself up. If it does not finish, that ends by itself:";
    remove_app: "App entfernen", "Remove the app";
    remove_app_ask: "Diese App entfernen?", "Remove this app?";
    remove_app_what: "Die App kommt sofort nicht mehr an die Daten dieses Mandanten. Was sie bei sich gespeichert hat, bleibt dort.", "The app has no access to this tenant's data any more, at once. What it stored at its own place stays there.";
    app_loading: "Die App wird geladen.", "The app is loading.";
    app_silent: "Die App antwortet nicht. Sie ist vielleicht gerade nicht erreichbar, oder sie zeigt eine Seite, die nicht zu ihr gehört.", "The app does not answer. Perhaps it cannot be reached, or it shows a page that is not its own.";
    try_again: "Noch einmal versuchen", "Try again";
    choose_customer: "Wählen Sie einen Kunden. Die Apps daneben hören davon.", "Choose a customer. The apps beside hear of it.";
    consent_by: "Eine App von", "An app by";
    consent_where: "Sie will in Ihrem Namen handeln bei", "It wants to act in your name at";
    consent_later: "und bei jedem Mandanten, der diese App später bekommt und für den Sie arbeiten.", "and at every tenant that gets this app later and where you work.";
    consent_what: "und darf dann", "and may then";
    consent_identity: "Die App erfährt, wer Sie sind, und sonst nichts.", "The app learns who you are, and nothing else.";
    consent_offline: "Auch wenn Sie nicht da sind, bis Sie das beenden.", "Even while you are away, until you end that.";
    consent_end: "Beenden können Sie das jederzeit bei Ihrem Konto.", "You can end this at your account at any time.";
    consent_nowhere: "Die App ist bei keinem Ihrer Mandanten installiert. Ein Admin installiert sie im Hub.", "The app is installed at none of your tenants. An admin installs it in the hub.";
    deny: "Ablehnen", "Refuse";
    leave: "Auch hier abmelden?", "Sign out here too?";
    leave_what: "Die App, von der Sie kommen, hat Sie abgemeldet. Melden Sie sich auch hier ab, endet Ihre Sitzung an allen Stellen dieser Plattform.", "The app that you come from has signed you out. If you sign out here too, your session ends at all places of this platform.";
    grants: "Apps, die für Sie handeln", "Apps that act for you";
    grants_what: "Was Sie erlaubt haben. Beenden Sie es, kommt die App sofort nicht mehr in Ihrem Namen an die Daten.", "What you have allowed. When you end it, the app has no access in your name any more, at once.";
    grant_ended: "Die App handelt nicht mehr für Sie.", "The app acts for you no more.";
    asked_anew: "Die App fragt jetzt nach etwas anderem", "The app asks for something else now";
    asked_anew_what: "Seit Sie die Seite geöffnet haben, hat sich geändert, was die App will. Gehen Sie zurück, laden Sie die Seite neu, und lesen Sie noch einmal.", "What the app wants has changed since you opened the page. Go back, load the page anew, and read again.";
    partner_portal: "Partner-Portal", "Partner Portal";
    no_partners: "Sie gehören zu keinem Partner. Bitten Sie den Admin eines Partners um eine Einladung.", "You belong to no partner. Ask a partner's admin for an invitation.";
    app: "App", "App";
    scopes: "Berechtigungen", "Scopes";
    app_registration: "App-Registrierung", "App Registration";
    no_sites: "Zu Ihren Organisationen gehört kein eigenes ERP, bei dem sich Apps registrieren könnten.", "None of your organisations has an ERP of its own at which apps could register.";
    site_base: "Apps registrieren sich bei", "Apps register at";
    add_app: "App hinzufügen", "Add an app";
    add_app_what: "Eine App kann sich nur registrieren, während Sie darauf warten. Sie warten zehn Minuten, und die erste App, die sich meldet, beendet das.", "An app can register only while you wait for it. You wait for ten minutes, and the first app that registers ends that.";
    start_waiting: "Hinzufügen", "Add";
    stop_waiting: "Nicht mehr warten", "Stop waiting";
    waiting: "Warten auf die Registrierung einer App. Starten Sie sie jetzt. Es bleiben", "Waiting for an app to register. Start it now. Left:";
    apps: "Apps", "Apps";
    no_registrations: "Noch keine. Wählen Sie „Hinzufügen“, und lassen Sie dann die App sich registrieren.", "None yet. Choose Add, then have the app register.";
    provider: "Anbieter", "Provider";
    version: "Version", "Version";
    state: "Stand", "State";
    instance: "weitere Instanz", "another instance";
    signature: "Signatur", "Signature";
    signature_none: "keine", "none";
    signature_valid: "geprüft: Es ist die dieser App", "checked: it is this app's";
    signature_unchecked: "vorhanden, aber hier nicht prüfbar", "there, but cannot be checked here";
    challenge: "Challenge-Code", "Challenge code";
    challenge_what: "Zeigt die App denselben, ist es die, die Sie meinen.", "If the app shows the same, it is the one that you mean.";
    decided: "Entschieden", "Decided";
    wants: "Was diese App möchte", "What this app wants";
    wants_what: "Was Sie erlauben, lässt sich später nicht ändern, nur ganz entziehen. Dann registriert die App sich neu.", "What you allow cannot be changed later, only taken away as a whole. Then the app registers anew.";
    mandatory: "Ohne das geht es nicht", "It cannot do without";
    optional: "Nach Ihrer Wahl", "Yours to choose";
    nothing: "Nichts.", "Nothing.";
    may: "Was diese App darf", "What this app may do";
    may_read: "lesen", "read";
    may_write: "anlegen, ändern, löschen", "create, change, delete";
    may_create: "anlegen", "create";
    may_change: "ändern", "change";
    may_delete: "löschen", "delete";
    may_print: "drucken", "print";
    may_mail: "per E-Mail senden", "send by e-mail";
    may_cancel: "stornieren", "cancel";
    accept_app: "Zulassen", "Accept";
    reject_app: "Ablehnen", "Reject";
    hand_out: "Schlüssel noch einmal ausgeben", "Hand the key out again";
    hand_out_what: "Für eine App, bei der die Antwort mit dem Schlüssel verloren ging. Der bisherige Schlüssel gilt sofort nicht mehr; die App fragt erneut und bekommt einen neuen, mit denselben Rechten.", "For an app that lost the answer with the key. The key so far stops working at once; the app asks again and gets a new one, with the same rights.";
    revoke_app: "Zugang beenden", "End access";
    revoke_app_what: "Der Schlüssel dieser App gilt sofort nicht mehr, und alles, was sie tut, hört auf. Das lässt sich nicht zurücknehmen; die App kann sich neu registrieren.", "This app's key stops working at once, and so does all that it does. This cannot be taken back; the app can register anew.";
    decided_before: "Das ist schon entschieden", "That is decided already";
    decided_before_what: "Jemand anderes war schneller, oder die App hat zu lange gewartet. Sehen Sie nach, wie es steht.", "Somebody else was faster, or the app waited for too long. Look how it stands.";
    console: "Verwaltung", "Console";
    operator_only: "Das ist für Mitglieder des Betreibers; Änderungen sind für dessen Admins.", "This is for the operator's members; changes are for its admins.";
    no_such_organisation: "Keine passt dazu. Suchen Sie nach einem Teil des Namens.", "None fits. Search for a part of the name.";
    new_organisation: "Neue Organisation", "New organisation";
    new_organisation_what: "Danach laden Sie ihren ersten Admin ein.", "Next you invite its first admin.";
    admin_tokens: "Admin-Tokens", "Admin tokens";
    admin_tokens_what: "Damit arbeiten Befehlszeile und Skripte. Wer eines beendet, hält alles an, was es benutzt.", "Command line and scripts work with these. Ending one stops whatever uses it.";
    no_tokens: "Noch keines. Legen Sie eines an, um die Befehlszeile zu benutzen.", "None yet. Create one to use the command line.";
    new_token: "Neues Admin-Token", "New admin token";
    token_name_what: "Wofür es ist, damit man später weiß, was man beendet. Es gilt 90 Tage.", "What it is for, so that one knows later what one ends. It counts for 90 days.";
    token_made: "Das Token wird nur jetzt gezeigt. Legen Sie es in eine Datei, die nur Sie lesen können.", "The token is shown only now. Put it into a file that only you can read.";
    name_taken: "Diesen Namen gibt es schon.", "There is one of this name already.";
    access: "Zugriff", "Access";
    access_read: "Lesen", "Read";
    access_full: "Alles", "Everything";
    first: "Diese Plattform einrichten", "Set this platform up";
    first_what: "Wer den Link hat, den die Plattform beim Start gezeigt hat, wird ihr erster Admin.", "Whoever has the link that the platform printed at its start becomes its first admin.";
    first_link: "Link oder Code", "Link or code";
    first_link_what: "Er gilt einen Tag und einmal. Ein Neustart zeigt einen neuen.", "It counts for a day, once. A restart prints a new one.";
    first_do: "Admin werden", "Become admin";
    first_or: "Nur ein Token für die Befehlszeile? Das gibt", "Only a token for the command line? That comes from";
    wrong_code: "Dieser Code gilt nicht: Er ist falsch, benutzt oder abgelaufen, oder die Plattform hat schon einen Admin.", "This code does not count: it is wrong, used or expired, or the platform has an admin already.";
    too_many_codes: "Zu viele falsche Codes. Versuchen Sie es in einer Minute wieder.", "Too many wrong codes. Try again in a minute.";
    email_taken: "Zu dieser Adresse gibt es schon ein Konto.", "There is an account of this address already.";
    places: "Wohin Sie gehen können", "Where you can go";
    unknown_client: "Diese Anmeldung kommt von keiner App, die wir kennen", "This sign-in comes from no app that we know";
    unknown_client_what: "Es wurde niemand weitergeleitet. Beginnen Sie dort, wo Sie hinwollten, von vorn.", "Nobody was sent on. Start again from where you wanted to go.";
    sign_in_incomplete: "Die Anmeldung kam nicht zum Ende", "The sign-in did not come to its end";
    sign_in_incomplete_what: "Ihr Browser hat uns nicht zurückgegeben, was er behalten sollte. Erlauben Sie Cookies für diese Seite, und beginnen Sie von vorn.", "Your browser did not give back what it was to keep. Allow cookies for this site, and start again.";

    not_found: "Diese Seite gibt es nicht", "There is no such page";
    not_found_what: "Prüfen Sie die Adresse, oder beginnen Sie bei Ihrem Konto.", "Check the address, or start from your account.";
    link_gone: "Dieser Link gilt nicht mehr", "This link no longer counts";
    link_gone_what: "Er ist benutzt, abgelaufen oder unvollständig. Bitten Sie den Admin um einen neuen.", "It is used, expired or incomplete. Ask the admin for a new one.";
    forbidden: "Das dürfen Sie hier nicht", "You may not do that here";
    admins_only: "Das kann nur ein Admin dieser Organisation.", "Only an admin of this organisation can.";
    last_admin: "Eine Organisation behält einen Admin. Machen Sie zuerst jemand anderen dazu.", "An organisation keeps an admin. Make somebody else one first.";
    belongs_to_others: "Dieses Mitglied gehört auch zu anderen Organisationen. Das kann nur der Betreiber.", "This member belongs to other organisations too. Only the operator can do that.";
    not_a_member: "Diese Person ist kein Mitglied mehr.", "This person is no member any more.";
    foreign_form: "Diese Eingabe kam nicht von unserer Seite", "This did not come from our page";
    foreign_form_what: "Öffnen Sie die Seite neu und versuchen Sie es noch einmal.", "Open the page anew and try again.";
    unreadable: "Diese Eingabe ist unvollständig", "This input is incomplete";
    busy: "Gerade ist zu viel los", "Too much is going on";
    busy_what: "Versuchen Sie es gleich noch einmal. Es ist nichts geschehen.", "Try again in a moment. Nothing has happened.";
    broken: "Da ist etwas schiefgegangen", "Something went wrong";
    broken_what: "Das liegt an uns. Nennen Sie dem Betreiber diese Nummer:", "This is our fault. Tell the operator this number:";

    start: "Eine Plattform auf diesem Rechner", "A platform on this machine";
    start_what: "Alles hier ist zum Ausprobieren, und nur von diesem Rechner zu erreichen.", "Everything here is for trying out, and reachable from this machine alone.";
    start_people: "Als diese Personen können Sie sich anmelden", "You can sign in as these people";
    start_values: "Werte für Ihre App stehen in", "Values for your app are in";
    start_try: "Zum Ausprobieren in einem zweiten Terminal", "To try in another terminal";
    start_read: "Zum Nachlesen", "To read";
    start_components: "Bausteine der Seiten", "Building blocks of the pages";
    merchant: "Händler", "Merchant";
    partner: "Partner", "Partner";
    operator: "Betreiber", "Operator";
}
}

impl Words {
    pub(super) const fn surface(&self, surface: FirstParty) -> &'static str {
        match surface {
            FirstParty::Hub => self.hub,
            FirstParty::Partner => self.partner_portal,
            FirstParty::Console => self.console,
            FirstParty::OnPremise => self.app_registration,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn state_of(&self, state: &RegistrationState) -> &'static str {
        let (german, english) = match state {
            RegistrationState::Pending => ("wartet auf Sie", "waits for you"),
            RegistrationState::Rejected => ("abgelehnt", "rejected"),
            RegistrationState::Accepted => {
                ("zugelassen, Schlüssel noch nicht abgeholt", "accepted, key not read yet")
            }
            RegistrationState::Active => ("zugelassen", "accepted"),
            RegistrationState::Revoked => ("beendet", "ended"),
        };
        match self.language {
            Language::German => german,
            Language::English => english,
        }
    }

    pub(super) fn signature_of(&self, signature: &str) -> &'static str {
        match signature {
            "none" => self.signature_none,
            "valid" => self.signature_valid,
            _ => self.signature_unchecked,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) const fn kind_of(&self, kind: &OrganisationKind) -> &'static str {
        match kind {
            OrganisationKind::Merchant => self.merchant,
            OrganisationKind::Partner => self.partner,
            OrganisationKind::Both => self.both,
            OrganisationKind::Operator => self.operator,
        }
    }
}
