//! Records: objects with named fields, of types that a program makes.

use super::super::pointer::{Finalize, FinalizeCx, Gc, Trace, resurrect};
use super::condition::{Failure, fail};
use super::lists::items;
use super::primitive::{ANY, Primitive, index, plain, wanted};
use super::value::{Place, Value};
use super::weak::Guards;

#[derive(Trace)]
pub(crate) struct RecordType {
    pub(crate) name: Box<str>,
    fields: Vec<Value>,
}

/// The one kind of object that can be given to a guardian as it is: it has a finalizer, and all others are
/// spared one.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Record {
    pub(crate) record_type: Gc<RecordType>,
    fields: Box<[Place]>,
    pub(crate) guards: Guards,
}

impl Finalize for Record {
    fn finalize(&self, cx: &FinalizeCx<'_, Self>) {
        self.guards.hand_over(|| resurrect(cx).map(Value::Record));
    }
}

pub(crate) static RECORDS: [Primitive; 5] = [
    plain("%make-record-type", 2, 2, |_, v| {
        let Value::Symbol(name) = &v[0] else { return wanted("record type", "a name", &v[0]) };
        let fields = items("record type", &v[1])?;
        Ok(Value::RecordType(Gc::new(RecordType { name: name.name.clone(), fields })))
    }),
    plain("%record-index", 2, 2, |_, v| {
        let record_type = type_of(&v[0])?;
        let found = record_type.fields.iter().position(|field| super::value::same(field, &v[1]));
        match found {
            Some(n) => Ok(Value::Integer(n as i64)),
            None => fail("there is no such field", &v[1..2]),
        }
    }),
    // The record's type, which fields come, and they: the others are left without a value.
    plain("%make-record", 2, ANY, |_, v| {
        let record_type = type_of(&v[0])?;
        let given = items("record", &v[1])?;
        let mut fields = vec![Value::Unspecified; record_type.fields.len()];
        for (at, value) in given.iter().zip(&v[2..]) {
            fields[index("record", at)?] = value.clone();
        }
        let fields = fields.into_iter().map(Place::new).collect();
        Ok(Value::Record(Gc::new(Record { record_type, fields, guards: Guards::default() })))
    }),
    plain("%record?", 2, 2, |_, v| {
        let record_type = type_of(&v[1])?;
        Ok(Value::Bool(
            matches!(&v[0], Value::Record(record) if Gc::ptr_eq(&record.record_type, &record_type)),
        ))
    }),
    // Reads a field, or sets it if there is a value.
    plain("%record-field", 3, 4, |_, v| {
        let record_type = type_of(&v[1])?;
        match &v[0] {
            Value::Record(record) if Gc::ptr_eq(&record.record_type, &record_type) => {
                let field = &record.fields[index("record", &v[2])?];
                match v.get(3) {
                    Some(value) => field.set(value.clone()),
                    None => return Ok(field.get()),
                }
                Ok(Value::Unspecified)
            }
            other => {
                fail(&format!("wanted a {}, got", record_type.name), std::slice::from_ref(other))
            }
        }
    }),
];

fn type_of(value: &Value) -> Result<Gc<RecordType>, Failure> {
    match value {
        Value::RecordType(record_type) => Ok(record_type.clone()),
        other => wanted("record", "a record type", other),
    }
}
