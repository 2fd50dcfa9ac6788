//! Structs, enums, unions.
#![forbid(unsafe_code)]

use super::support::{Foreign, Gc, Hub, Slot, Trace, cycle_is_freed, edges, is_tracked, traced};

#[test]
fn a_struct_with_named_fields() {
    #[derive(Trace)]
    struct Element {
        parent: Gc<Hub>,
        focus: Slot<Hub>,
        width: u32,
        name: String,
    }
    let element =
        |parent| Element { parent, focus: Slot::default(), width: 1, name: "p".to_owned() };
    assert_eq!(edges(element(Gc::default())), 1);
    assert!(cycle_is_freed(element));
}

#[test]
fn a_tuple_struct() {
    #[derive(Trace)]
    struct Pair(u8, Gc<Hub>, Gc<Hub>);
    assert_eq!(edges(Pair(0, Gc::default(), Gc::default())), 2);
    assert!(cycle_is_freed(|hub| Pair(0, hub.clone(), hub)));
}

#[test]
fn structs_without_fields_are_leaves() {
    #[derive(Trace)]
    struct Unit;
    #[derive(Trace)]
    struct Braces {}
    #[derive(Trace)]
    struct Parentheses();
    assert!(!is_tracked(Unit));
    assert!(!is_tracked(Braces {}));
    assert!(!is_tracked(Parentheses()));
}

#[test]
fn plain_fields_make_a_leaf() {
    #[derive(Trace)]
    struct Style {
        width: u32,
        color: [f32; 4],
        font: Option<String>,
        layers: Vec<(char, bool)>,
    }
    assert!(!is_tracked(Style { width: 1, color: [0.0; 4], font: None, layers: vec![] }));
}

#[derive(Trace)]
enum Element {
    Rule,
    Empty(),
    Braces {},
    Text(String, Gc<Hub>),
    Group {
        parent: Gc<Hub>,
        children: Vec<Gc<Hub>>,
    },
    #[trace(skip)]
    Raw(Foreign, Gc<Hub>),
    Mixed(#[trace(skip)] Foreign, Gc<Hub>, #[trace(skip)] Gc<Hub>),
}

#[test]
fn an_enum_with_variants_of_all_kinds() {
    let hub: Gc<Hub> = Gc::default();
    for (element, expected) in [
        (Element::Rule, 0),
        (Element::Empty(), 0),
        (Element::Braces {}, 0),
        (Element::Text(String::new(), hub.clone()), 1),
        (Element::Group { parent: hub.clone(), children: vec![hub.clone(), hub.clone()] }, 3),
        (Element::Raw(Foreign, hub.clone()), 0),
        (Element::Mixed(Foreign, hub.clone(), hub), 1),
    ] {
        assert_eq!(edges(element), expected);
    }
    assert!(cycle_is_freed(|hub| Element::Text(String::new(), hub)));
    assert!(cycle_is_freed(|hub| Element::Mixed(Foreign, hub, Gc::default())));
}

#[test]
fn an_enum_is_tracked_whatever_variant_it_is() {
    assert!(is_tracked(Element::Rule));
}

#[test]
fn an_empty_enum() {
    #[derive(Trace)]
    enum Never {}
    traced::<Never>();
    assert!(!is_tracked(None::<Never>));
}

#[test]
fn an_enum_with_discriminants() {
    #[derive(Trace)]
    #[repr(u8)]
    enum Tag {
        Low = 1,
        High = 200,
        Held(Gc<Hub>) = 7,
    }
    assert_eq!(edges(Tag::High), 0);
    assert!(cycle_is_freed(Tag::Held));
}

#[test]
fn a_union_is_a_leaf() {
    #[derive(Trace)]
    #[trace(leaf)]
    #[repr(C)]
    union Word {
        int: u32,
        float: f32,
    }
    assert!(!is_tracked(Word { int: 3 }));
}

#[test]
fn packed_structs_whose_fields_are_not_visited() {
    #[derive(Trace)]
    #[trace(leaf)]
    #[repr(C, packed(2))]
    struct Record(u8, u32);
    #[derive(Trace)]
    #[repr(C, packed)]
    struct Skips<T>(#[trace(skip)] u32, std::marker::PhantomData<T>, #[trace(skip)] Gc<Hub>);
    assert!(!is_tracked(Record(1, 2)));
    assert_eq!(edges(Skips::<u8>(1, std::marker::PhantomData, Gc::default())), 0);
}

#[test]
fn raw_identifiers() {
    #[derive(Trace)]
    #[allow(non_camel_case_types)]
    struct r#struct<r#type> {
        r#fn: Gc<Hub>,
        r#match: r#type,
    }
    #[derive(Trace)]
    #[allow(non_camel_case_types)]
    enum r#enum {
        r#if { r#else: Gc<Hub> },
    }
    assert_eq!(edges(r#struct { r#fn: Gc::default(), r#match: Gc::new(1) }), 2);
    assert!(cycle_is_freed(|hub| r#enum::r#if { r#else: hub }));
}

#[test]
fn two_hundred_fields() {
    macro_rules! wide {
        ($($field:ident)*) => {
            #[derive(Trace, Default)]
            struct Wide {
                $($field: Slot<Hub>,)*
            }
            impl Wide {
                fn fill(&self, hub: &Gc<Hub>) -> usize {
                    let fields = [$(&self.$field),*];
                    for slot in fields {
                        slot.set(Some(hub.clone()));
                    }
                    fields.len()
                }
            }
        };
    }
    wide! {
        f000 f001 f002 f003 f004 f005 f006 f007 f008 f009 f010 f011 f012 f013 f014 f015 f016 f017
        f018 f019 f020 f021 f022 f023 f024 f025 f026 f027 f028 f029 f030 f031 f032 f033 f034 f035
        f036 f037 f038 f039 f040 f041 f042 f043 f044 f045 f046 f047 f048 f049 f050 f051 f052 f053
        f054 f055 f056 f057 f058 f059 f060 f061 f062 f063 f064 f065 f066 f067 f068 f069 f070 f071
        f072 f073 f074 f075 f076 f077 f078 f079 f080 f081 f082 f083 f084 f085 f086 f087 f088 f089
        f090 f091 f092 f093 f094 f095 f096 f097 f098 f099 f100 f101 f102 f103 f104 f105 f106 f107
        f108 f109 f110 f111 f112 f113 f114 f115 f116 f117 f118 f119 f120 f121 f122 f123 f124 f125
        f126 f127 f128 f129 f130 f131 f132 f133 f134 f135 f136 f137 f138 f139 f140 f141 f142 f143
        f144 f145 f146 f147 f148 f149 f150 f151 f152 f153 f154 f155 f156 f157 f158 f159 f160 f161
        f162 f163 f164 f165 f166 f167 f168 f169 f170 f171 f172 f173 f174 f175 f176 f177 f178 f179
        f180 f181 f182 f183 f184 f185 f186 f187 f188 f189 f190 f191 f192 f193 f194 f195 f196 f197
        f198 f199
    }
    let wide = Wide::default();
    assert_eq!(wide.fill(&Gc::default()), 200);
    assert_eq!(edges(wide), 200);
}
