//! Leaves: types of other crates whose values can hold no handle.

#[allow(unused_imports, reason = "with no feature on there is no leaf")]
use crate::{
    gc_free::GcFree,
    trace::{Depth, Trace, Tracer},
};

/// Leaves behind a feature each. One with a parameter that it stores values of asks for `GcFree`.
macro_rules! foreign {
    ($($feature:literal { $($leaf:tt)+ })+) => {$(
        #[cfg(feature = $feature)]
        leaves! { $($leaf)+ }
    )+};
}

// Numbers.
foreign! {
    "num-bigint-0_5" {
        [] num_bigint_0_5::BigInt;
        [] num_bigint_0_5::BigUint;
        [] num_bigint_0_5::Sign;
    }
    "num-complex-0_4" { [T: GcFree] num_complex_0_4::Complex<T>; }
    "ordered-float-5" {
        [T: GcFree] ordered_float_5::OrderedFloat<T>;
        [T: GcFree] ordered_float_5::NotNan<T>;
    }
    "rust_decimal-1" { [] rust_decimal_1::Decimal; }
}

// Text.
foreign! {
    "arrayvec-0_7" { [const CAP: usize] arrayvec_0_7::ArrayString<CAP>; }
    "compact_str-0_10" { [] compact_str_0_10::CompactString; }
    "ecow-0_3" { [] ecow_0_3::EcoString; }
    "markup5ever-0_40" {
        [] markup5ever_0_40::LocalName;
        [] markup5ever_0_40::Namespace;
        [] markup5ever_0_40::Prefix;
        [] markup5ever_0_40::QualName;
        [] markup5ever_0_40::Attribute;
    }
    "regex-1" {
        [] regex_1::Regex;
        [] regex_1::RegexSet;
        [] regex_1::Error;
        [] regex_1::bytes::Regex;
        [] regex_1::bytes::RegexSet;
    }
    "smol_str-0_3" { [] smol_str_0_3::SmolStr; }
    "tendril-0_5" {
        [F: tendril_0_5::fmt::Format + 'static, A: tendril_0_5::Atomicity + 'static]
            tendril_0_5::Tendril<F, A>;
    }
    "url-2" {
        [] url_2::Url;
        [] url_2::ParseError;
        [S: GcFree] url_2::Host<S>;
    }
}

// Bytes and bits. (Who owns what a `Bytes` shows had to be `Send`.)
foreign! {
    "bitvec-1" {
        [T: bitvec_1::store::BitStore + 'static, O: bitvec_1::order::BitOrder + 'static]
            bitvec_1::vec::BitVec<T, O>;
        [T: bitvec_1::store::BitStore + 'static, O: bitvec_1::order::BitOrder + 'static]
            bitvec_1::boxed::BitBox<T, O>;
        [A: bitvec_1::view::BitViewSized + 'static, O: bitvec_1::order::BitOrder + 'static]
            bitvec_1::array::BitArray<A, O>;
    }
    "bytes-1" {
        [] bytes_1::Bytes;
        [] bytes_1::BytesMut;
    }
    "fixedbitset-0_5" { [] fixedbitset_0_5::FixedBitSet; }
}

// Time.
foreign! {
    "chrono-0_4" {
        [] chrono_0_4::NaiveDate;
        [] chrono_0_4::NaiveTime;
        [] chrono_0_4::NaiveDateTime;
        [Tz: chrono_0_4::TimeZone<Offset: GcFree> + 'static] chrono_0_4::DateTime<Tz>;
        [] chrono_0_4::Utc;
        [] chrono_0_4::FixedOffset;
        [] chrono_0_4::TimeDelta;
        [] chrono_0_4::Weekday;
        [] chrono_0_4::Month;
    }
    "jiff-0_2" {
        [] jiff_0_2::Timestamp;
        [] jiff_0_2::Zoned;
        [] jiff_0_2::Span;
        [] jiff_0_2::SignedDuration;
        [] jiff_0_2::civil::Date;
        [] jiff_0_2::civil::Time;
        [] jiff_0_2::civil::DateTime;
        [] jiff_0_2::civil::Weekday;
        [] jiff_0_2::tz::TimeZone;
        [] jiff_0_2::tz::Offset;
    }
    "time-0_3" {
        [] time_0_3::Date;
        [] time_0_3::Time;
        [] time_0_3::PrimitiveDateTime;
        [] time_0_3::OffsetDateTime;
        [] time_0_3::UtcDateTime;
        [] time_0_3::UtcOffset;
        [] time_0_3::Duration;
        [] time_0_3::Weekday;
        [] time_0_3::Month;
    }
}

// Names of things, documents, and places in containers.
foreign! {
    "petgraph-0_8" {
        [Ix: 'static] petgraph_0_8::graph::NodeIndex<Ix>;
        [Ix: 'static] petgraph_0_8::graph::EdgeIndex<Ix>;
        [] petgraph_0_8::Direction;
    }
    "semver-1" {
        [] semver_1::Version;
        [] semver_1::VersionReq;
        [] semver_1::Comparator;
        [] semver_1::Prerelease;
        [] semver_1::BuildMetadata;
    }
    "serde_json-1" {
        [] serde_json_1::Value;
        [] serde_json_1::Number;
        [] serde_json_1::Map<String, serde_json_1::Value>;
        [] serde_json_1::Error;
    }
    "slotmap-1" {
        [] slotmap_1::DefaultKey;
        [] slotmap_1::KeyData;
    }
    "uuid-1" { [] uuid_1::Uuid; }
}
