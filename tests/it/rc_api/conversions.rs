//! `From`, `TryFrom`, `FromIterator` and `Default`, most of them for slices and strings.

use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Counts, Noisy};

same_on_both! {

    from_str {
        let mut name = "mut".to_owned();
        let strings: [Ptr<str>; 5] = [
            "text".into(),
            name.as_mut_str().into(),
            "owned".to_owned().into(),
            "boxed".to_owned().into_boxed_str().into(),
            "".into(),
        ];
        strings
    }

    from_c_str {
        let mut name: Box<CStr> = c"mut".into();
        let strings: [Ptr<CStr>; 5] = [
            c"text".into(),
            (&mut *name).into(),
            CString::new("owned").unwrap().into(),
            CString::new("boxed").unwrap().into_boxed_c_str().into(),
            c"".into(),
        ];
        strings
    }

    from_os_str {
        let mut name: Box<OsStr> = OsStr::new("mut").into();
        let strings: [Ptr<OsStr>; 5] = [
            OsStr::new("text").into(),
            (&mut *name).into(),
            OsString::from("owned").into(),
            OsString::from("boxed").into_boxed_os_str().into(),
            OsStr::new("").into(),
        ];
        strings
    }

    from_path {
        let mut name: Box<Path> = Path::new("a/mut").into();
        let strings: [Ptr<Path>; 5] = [
            Path::new("a/text").into(),
            (&mut *name).into(),
            PathBuf::from("an/owned").into(),
            PathBuf::from("a/boxed").into_boxed_path().into(),
            Path::new("").into(),
        ];
        strings
    }

    from_slices {
        let counts = Rc::<Counts>::default();
        let mut list = vec![Noisy::new("a", &counts), Noisy::new("b", &counts)];
        let cloned: [Ptr<[Noisy]>; 2] = [list.as_slice().into(), list.as_mut_slice().into()];
        let clones = counts.clones.get();
        let moved: Ptr<[Noisy]> = list.into();
        let boxed: Ptr<[Noisy]> = vec![Noisy::new("c", &counts)].into_boxed_slice().into();
        let array: Ptr<[Noisy]> = [Noisy::new("d", &counts), Noisy::new("e", &counts)].into();
        let all = cloned.iter().chain([&moved, &boxed, &array]);
        let names: Vec<_> = all.flat_map(|slice| slice.iter().map(|noisy| noisy.name)).collect();
        let before = counts.drops.get();
        drop((cloned, moved, boxed, array));
        (names, clones, counts.clones.get(), before, counts.drops.get())
    }

    from_box {
        let counts = Rc::<Counts>::default();
        let ptr: Ptr<Noisy> = Box::new(Noisy::new("boxed", &counts)).into();
        let none: Ptr<()> = Box::new(()).into();
        let large: Ptr<[u64; 4000]> = Box::new([7; 4000]).into();
        let before = counts.drops.get();
        let name = ptr.name;
        drop(ptr);
        (name, none, large[3999], before, counts.drops.get())
    }

    from_cow {
        let owned: Cow<'_, str> = Cow::Owned("owned".to_owned());
        let borrowed: Cow<'_, str> = Cow::Borrowed("borrowed");
        let slice: Cow<'_, [u8]> = Cow::Borrowed(&[1, 2]);
        let list: Cow<'_, [u8]> = Cow::Owned(vec![3]);
        let path: Cow<'_, Path> = Cow::Owned(PathBuf::from("a/b"));
        (
            Ptr::<str>::from(owned), Ptr::<str>::from(borrowed), Ptr::<[u8]>::from(slice),
            Ptr::<[u8]>::from(list), Ptr::<Path>::from(path),
        )
    }

    from_iterator {
        let counts = Rc::<Counts>::default();
        let names = ["a", "b"].into_iter();
        let exact: Ptr<[Noisy]> = names.map(|name| Noisy::new(name, &counts)).collect();
        let filtered: Ptr<[i32]> = (0..100).filter(|n| n % 10 == 0).collect();
        let none: Ptr<[i32]> = std::iter::empty().collect();
        let units: Ptr<[()]> = std::iter::repeat_n((), 1000).collect();
        let names = (exact[0].name, exact[1].name, counts.drops.get());
        drop(exact);
        (names, counts.clones.get(), counts.drops.get(), filtered, none, units.len())
    }

    string_to_bytes {
        let text: Ptr<str> = "text".into();
        let bytes: Ptr<[u8]> = text.clone().into();
        let same = std::ptr::addr_eq(Ptr::as_ptr(&text), Ptr::as_ptr(&bytes));
        (Ptr::strong_count(&text), same, text, bytes)
    }

    slice_to_array {
        let slice: Ptr<[u8]> = [1, 2, 3].into();
        let slice = Ptr::<[u8; 2]>::try_from(slice).unwrap_err();
        let address = Ptr::as_ptr(&slice).cast::<u8>();
        let array: Ptr<[u8; 3]> = slice.try_into().unwrap();
        (address == Ptr::as_ptr(&array).cast(), *array, Ptr::try_unwrap(array))
    }

    slice_to_array_drops_once {
        let counts = Rc::<Counts>::default();
        let slice: Ptr<[Noisy]> = [Noisy::new("a", &counts), Noisy::new("b", &counts)].into();
        let array: Ptr<[Noisy; 2]> = slice.try_into().unwrap();
        let before = counts.drops.get();
        drop(array);
        (before, counts.drops.get())
    }

    default {
        (
            Ptr::<u8>::default(), Ptr::<String>::default(), Ptr::<[String]>::default(),
            Ptr::<str>::default(), Ptr::<CStr>::default(), Ptr::<[u8; 3]>::default(),
        )
    }
}
