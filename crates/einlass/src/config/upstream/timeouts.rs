//! `[upstream.timeouts]`: how long to wait for an upstream.

use crate::config::reader::Section;
use einlass_proxy::forward::Timeouts;

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Timeouts> {
    let connect = section.within("connect", "5s", ["1s", "5m"]);
    let response_head = section.within("response_head", "1m", ["1s", "1h"]);
    let body_idle = section.within("body_idle", "1m", ["1s", "1h"]);
    let unread = section.within("unread", "5m", ["1s", "1d"]);
    let pooled = section.within("pooled", "1m", ["1s", "1h"]);
    Some(Timeouts {
        connect: connect?,
        response_head: response_head?,
        body_idle: body_idle?,
        unread: unread?,
        pooled: pooled?,
    })
}
