//! Stable words for programs: in bodies, in the log, as labels of what is counted.

/// An enumeration whose every variant has a word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(super) enum $name { $($variant),+ }

        impl $name {
            /// In the order of their numbers.
            pub(super) const ALL: &[Self] = &[$(Self::$variant),+];

            pub(super) const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// Why a call was refused.
    Reason {
        PathRejected = "PathRejected",
        TokenMissing = "TokenMissing",
        AuthorizationUnusable = "AuthorizationUnusable",
        TokenRejected = "TokenRejected",
        KeyMissing = "KeyMissing",
        KeyRejected = "KeyRejected",
        SessionRejected = "SessionRejected",
        TokenRevoked = "TokenRevoked",
        RevocationsUnheard = "RevocationsUnheard",
        KeysUnavailable = "KeysUnavailable",
        OperationUnknown = "OperationUnknown",
        MethodNotAllowed = "MethodNotAllowed",
        TenantMissing = "TenantMissing",
        TenantUnusable = "TenantUnusable",
        OtherTenant = "OtherTenant",
        NotInstalled = "NotInstalled",
        OriginUnknown = "OriginUnknown",
        NotAMember = "NotAMember",
        OthersPart = "OthersPart",
        TooManyCalls = "TooManyCalls",
        DirectoryUnavailable = "DirectoryUnavailable",
        ScopeMissing = "ScopeMissing",
        CredentialWrong = "CredentialWrong",
        OperationClosed = "OperationClosed",
        PublicNotAllowed = "PublicNotAllowed",
        SigningUnavailable = "SigningUnavailable",
        UpstreamUnreachable = "UpstreamUnreachable",
        UpstreamTimeout = "UpstreamTimeout",
        UpstreamBroken = "UpstreamBroken",
        SessionUnbound = "SessionUnbound",
        RequestTimeout = "RequestTimeout",
        BodyBroken = "BodyBroken",
        TargetTooLong = "TargetTooLong",
    }
}

words! {
    /// How an upstream failed.
    UpstreamFailure {
        Unreachable = "unreachable",
        ConnectTimeout = "connect_timeout",
        AnswerTimeout = "answer_timeout",
        NoAnswer = "no_answer",
        BrokeOff = "broke_off",
    }
}
