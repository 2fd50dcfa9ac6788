//! What gc-core claims, in the order of an object's life. A test's name is the claim; those that start
//! with a case's number restate a case of CPython's test suite or manuals.

mod support;

mod swept;
