//! A line for people: when, how grave, from where, what, and its particulars. Every call of the gateway writes one, so
//! it takes no detours.

use jiff::Timestamp;
use std::fmt::{self, Debug, Write};
use std::time::SystemTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// Writes events.
pub(super) struct Line;

/// Writes what an event or a span says: its message first, then `name=value`.
pub(super) struct Fields;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut to: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let (is_coloured, about) = (to.has_ansi_escapes(), event.metadata());
        write!(to, "{:.6} ", now())?;
        to.write_str(if is_coloured { coloured(*about.level()) } else { plain(*about.level()) })?;
        to.write_str(about.target())?;
        to.write_str(": ")?;
        context.format_fields(to.by_ref(), event)?;
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                to.write_char(' ')?;
                to.write_str(fields)?;
            }
        }
        to.write_char('\n')
    }
}

#[expect(clippy::disallowed_methods, reason = "when a line was written is what the machine's clock says")]
fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or_default()
}

fn plain(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR ",
        Level::WARN => " WARN ",
        Level::INFO => " INFO ",
        Level::DEBUG => "DEBUG ",
        Level::TRACE => "TRACE ",
    }
}

fn coloured(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\x1b[31mERROR\x1b[0m ",
        Level::WARN => "\x1b[33m WARN\x1b[0m ",
        Level::INFO => "\x1b[32m INFO\x1b[0m ",
        Level::DEBUG => "\x1b[34mDEBUG\x1b[0m ",
        Level::TRACE => "\x1b[35mTRACE\x1b[0m ",
    }
}

impl<'w> FormatFields<'w> for Fields {
    fn format_fields<R: RecordFields>(&self, to: Writer<'w>, fields: R) -> fmt::Result {
        let mut particulars = Particulars { to: OneLine(to), is_first: true, outcome: Ok(()) };
        fields.record(&mut particulars);
        particulars.outcome
    }
}

struct Particulars<'w> {
    to: OneLine<'w>,
    is_first: bool,
    outcome: fmt::Result,
}

impl Particulars<'_> {
    fn name(&mut self, field: &Field) -> fmt::Result {
        if !std::mem::take(&mut self.is_first) {
            self.to.0.write_char(' ')?;
        }
        if field.name() == "message" {
            return Ok(());
        }
        self.to.0.write_str(field.name())?;
        self.to.0.write_char('=')
    }

    fn text(&mut self, field: &Field, value: &str) -> fmt::Result {
        self.name(field)?;
        if !value.bytes().all(is_plain) {
            return write!(self.to, "{value:?}");
        }
        self.to.0.write_char('"')?;
        self.to.0.write_str(value)?;
        self.to.0.write_char('"')
    }

    fn debug(&mut self, field: &Field, value: &dyn Debug) -> fmt::Result {
        self.name(field)?;
        write!(self.to, "{value:?}")
    }
}

impl Visit for Particulars<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.outcome = self.outcome.and_then(|()| self.text(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.outcome = self.outcome.and_then(|()| self.debug(field, value));
    }
}

/// What stands in quotes as it is.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Whatever a caller can bring into a line, it stays one line and moves no terminal's cursor.
struct OneLine<'w>(Writer<'w>);

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // In one byte what all of them are, since many at once are faster than one by one.
        let odd = |byte: u8| u8::from(byte.wrapping_sub(b' ') > b'~' - b' ');
        if text.bytes().fold(0, |seen, byte| seen | odd(byte)) == 0 {
            return self.0.write_str(text);
        }
        for sign in text.chars() {
            if sign.is_control() {
                write!(self.0, "{}", sign.escape_default())?;
            } else {
                self.0.write_char(sign)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written after the time.
    fn written(is_coloured: bool, log: impl FnOnce()) -> Vec<String> {
        let written = Written::default();
        let writer = written.clone();
        let to = tracing_subscriber::fmt().with_ansi(is_coloured).event_format(Line).fmt_fields(Fields);
        tracing::subscriber::with_default(to.with_writer(move || writer.clone()).finish(), log);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let without_time = |line: &str| {
            let (time, rest) = line.split_once(' ').unwrap();
            assert_eq!(time.len(), "2026-11-24T12:00:00.123456Z".len());
            time.parse::<Timestamp>().unwrap();
            rest.to_owned()
        };
        text.lines().map(without_time).collect()
    }

    #[test]
    fn a_line_says_how_grave_from_where_what_and_its_particulars() {
        let lines = written(false, || {
            let absent: Option<u16> = None;
            tracing::info!(target: "a::b", id = %"x y", name = "x y", quoted = "\"", absent, status = Some(200), "done");
            tracing::warn!(target: "a::b", taken = 0.5, "odd");
        });
        assert_eq!(
            lines,
            [r#" INFO a::b: done id=x y name="x y" quoted="\"" status=200"#, " WARN a::b: odd taken=0.5"]
        );
    }

    #[test]
    fn what_is_around_an_event_follows_it() {
        let lines = written(true, || {
            let _around = tracing::error_span!("request", request_id = %7).entered();
            tracing::error!(target: "a", "broken");
        });
        assert_eq!(lines, ["\x1b[31mERROR\x1b[0m a: broken request_id=7"]);
    }

    #[test]
    fn nothing_that_is_logged_ends_the_line_or_moves_the_cursor() {
        let lines = written(false, || {
            let forged = "x\n2026-11-24T12:00:00.123456Z  INFO a: forged \u{1b}[2J\u{9b}é";
            tracing::info!(target: "a", shown = %forged, text = forged, "{forged}");
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert!(!line.contains(char::is_control) && line.contains('é'), "{line}");
    }
}
