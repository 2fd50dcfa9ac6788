//! Leaves: types whose values can hold no handle at all, whatever they own otherwise.
//!
//! A type with a parameter is listed here only if it stores no value of it.

use std::alloc::{Layout, LayoutError, System};
use std::any::{Any, TypeId};
use std::array::TryFromSliceError;
use std::backtrace::Backtrace;
use std::cell::{BorrowError, BorrowMutError};
use std::char::{CharTryFromError, DecodeUtf16Error, ParseCharError};
use std::collections::TryReserveError;
use std::convert::Infallible;
use std::env::{JoinPathsError, VarError};
use std::error::Error;
use std::ffi::{
    CStr, CString, FromBytesUntilNulError, FromBytesWithNulError, FromVecWithNulError,
    IntoStringError, NulError, OsStr, OsString,
};
use std::hash::{BuildHasherDefault, DefaultHasher, RandomState};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::Discriminant;
use std::net::{
    AddrParseError, IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, SocketAddrV4, SocketAddrV6,
    TcpListener, TcpStream, UdpSocket,
};
use std::num::{
    FpCategory, IntErrorKind, NonZero, ParseFloatError, ParseIntError, TryFromIntError,
};
use std::ops::RangeFull;
use std::panic::Location;
use std::path::{Path, PathBuf, StripPrefixError};
use std::str::{ParseBoolError, Utf8Error};
use std::string::{FromUtf8Error, FromUtf16Error};
use std::sync::mpsc::{RecvError, RecvTimeoutError, TryRecvError};
use std::sync::{Barrier, Condvar, Once, WaitTimeoutResult, atomic};
use std::task::Waker;
use std::thread::{AccessError, JoinHandle, LocalKey, Thread, ThreadId};
use std::time::{Duration, Instant, SystemTime, SystemTimeError};
use std::{cmp, fmt, fs, io, process, thread};

use crate::gc_free::GcFree;
use crate::inspect::Inspector;
use crate::trace::{Depth, Trace, Tracer};

macro_rules! plain {
    ($($leaf:ty),+ $(,)?) => {
        leaves! { $([] $leaf;)+ }
    };
}

macro_rules! numbers {
    ($($number:ident)+) => {
        leaves! { $([] $number; [] NonZero<$number>;)+ }
    };
}

/// Leaves with a buffer of their own, of so many bytes.
macro_rules! texts {
    ($($leaf:ty { $this:ident => $bytes:expr })+) => {$(
        // SAFETY: as for `report_nothing`.
        unsafe impl Trace for $leaf {
            #[inline(always)]
            fn trace(&self, _: &mut Tracer<'_>) {}

            fn inspect(&self, mut inspector: Inspector<'_>) {
                let $this = self;
                inspector.owns($bytes);
            }

            #[inline(always)]
            fn may_hold_gc(_: Depth) -> bool {
                false
            }

            #[inline]
            fn drops_nothing(&mut self) -> bool {
                let $this = self;
                $bytes == 0
            }
        }
        impl GcFree for $leaf {}
    )+};
}

/// Leaves that are only ever behind a pointer, which therefore are not asked what they may hold.
macro_rules! unsized_leaves {
    ($($leaf:ty),+ $(,)?) => {$(
        // SAFETY: as for `report_nothing`.
        #[diagnostic::do_not_recommend]
        unsafe impl Trace for $leaf {
            #[inline(always)]
            fn trace(&self, _: &mut Tracer<'_>) {}
        }
        #[diagnostic::do_not_recommend]
        impl GcFree for $leaf {}
    )+};
}

numbers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize char }

plain! { (), bool, f32, f64, Infallible, RangeFull, PhantomPinned }

// Text, paths, bytes for C.
texts! {
    String { text => text.capacity() }
    PathBuf { path => path.capacity() }
    OsString { text => text.capacity() }
    CString { text => text.as_bytes_with_nul().len() }
}
unsized_leaves! { str, Path, OsStr, CStr }

// Small enumerations and names of things.
plain! {
    cmp::Ordering, atomic::Ordering, FpCategory, IntErrorKind, fmt::Alignment,
    io::ErrorKind, io::SeekFrom, Shutdown, TypeId, Location<'static>,
}

// Time, threads and what waits for them.
plain! {
    Duration, Instant, SystemTime, Thread, ThreadId, thread::Builder, Waker,
    Once, Barrier, Condvar, WaitTimeoutResult,
}

// Hashing and memory.
plain! { RandomState, DefaultHasher, Layout, System }

// Files, sockets, processes.
plain! {
    fs::File, fs::Metadata, fs::OpenOptions, fs::Permissions, fs::FileType, fs::ReadDir,
    fs::DirEntry, fs::DirBuilder, fs::FileTimes,
    io::Stdin, io::Stdout, io::Stderr, io::Empty, io::Sink, io::Repeat,
    io::PipeReader, io::PipeWriter,
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6,
    TcpStream, TcpListener, UdpSocket,
    process::Child, process::ChildStdin, process::ChildStdout, process::ChildStderr,
    process::Command, process::ExitStatus, process::ExitCode, process::Output, process::Stdio,
}

#[cfg(unix)]
plain! {
    std::os::fd::OwnedFd, std::os::unix::net::SocketAddr, std::os::unix::net::UnixStream,
    std::os::unix::net::UnixListener, std::os::unix::net::UnixDatagram,
}

#[cfg(windows)]
plain! { std::os::windows::io::OwnedHandle, std::os::windows::io::OwnedSocket }

// Errors.
plain! {
    fmt::Error, io::Error, ParseIntError, ParseFloatError, ParseBoolError, ParseCharError,
    CharTryFromError, TryFromIntError, TryFromSliceError, TryReserveError, DecodeUtf16Error,
    Utf8Error, FromUtf8Error, FromUtf16Error, NulError, IntoStringError, FromVecWithNulError,
    FromBytesWithNulError, FromBytesUntilNulError, AddrParseError, VarError, JoinPathsError,
    StripPrefixError, SystemTimeError, LayoutError, BorrowError, BorrowMutError, AccessError,
    RecvError, RecvTimeoutError, TryRecvError, Backtrace,
}

// `Gc` is not `Send`, so what promises to be `Send` holds none.
unsized_leaves! {
    dyn Error + Send, dyn Error + Send + Sync,
    dyn Any + Send, dyn Any + Send + Sync,
}

macro_rules! atomics {
    ($($width:literal: $($atomic:ident)+;)+) => {$(
        #[cfg(target_has_atomic = $width)]
        plain! { $(atomic::$atomic),+ }
    )+};
}

atomics! {
    "8": AtomicBool AtomicU8 AtomicI8;
    "16": AtomicU16 AtomicI16;
    "32": AtomicU32 AtomicI32;
    "64": AtomicU64 AtomicI64;
    "ptr": AtomicUsize AtomicIsize;
}

// A parameter that names a type and stores no value of it. (A thread's result had to be `Send`.)
leaves! {
    [T: ?Sized + 'static] PhantomData<T>;
    [T: 'static] Discriminant<T>;
    [H: 'static] BuildHasherDefault<H>;
    [T: 'static] JoinHandle<T>;
    [T: 'static] LocalKey<T>;
}

// A pointer to a function captures nothing. Those that take references of any lifetime
// (`fn(&u8)`) are types of their own, which no set of impls covers; and an impl for even one of them
// the compiler takes for an overlap with these, and may refuse one day (the lint
// `coherence_leak_check`). The derive leaves them out of the visit wherever it sees one.
macro_rules! fn_pointers {
    ($($arg:ident)*) => {
        leaves! {
            [Return: 'static, $($arg: 'static),*] fn($($arg),*) -> Return;
            [Return: 'static, $($arg: 'static),*] unsafe fn($($arg),*) -> Return;
            [Return: 'static, $($arg: 'static),*] extern "C" fn($($arg),*) -> Return;
            [Return: 'static, $($arg: 'static),*] unsafe extern "C" fn($($arg),*) -> Return;
        }
        sendable_closures! { Fn($($arg)*) FnMut($($arg)*) FnOnce($($arg)*) }
    };
}

/// `Gc` is not `Send`, so a closure that is captures none.
macro_rules! sendable_closures {
    ($($closure:ident($($arg:ident)*))+) => {$(
        sendable_closures! { @[$($arg)*] $closure($($arg),*) -> Return + Send }
        sendable_closures! { @[$($arg)*] $closure($($arg),*) -> Return + Send + Sync }
    )+};
    (@[$($arg:ident)*] $($closure:tt)+) => {
        // SAFETY: as for `report_nothing`.
        #[diagnostic::do_not_recommend]
        unsafe impl<Return: 'static, $($arg: 'static),*> Trace for dyn $($closure)+ {
            #[inline(always)]
            fn trace(&self, _: &mut Tracer<'_>) {}
        }
        #[diagnostic::do_not_recommend]
        impl<Return: 'static, $($arg: 'static),*> GcFree for dyn $($closure)+ {}
    };
}

for_each_prefix! { fn_pointers: A B C D E F G H I J K L }
