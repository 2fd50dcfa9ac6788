// Pointers to functions hold nothing, and no trait could be implemented for all of them.
#[derive(Trace)]
struct Machine {
    code: Vec<u8>,
    instructions: [Option<fn(&mut Machine)>; 256],
    names: HashMap<String, for<'a> fn(&'a mut Machine, &str) -> &'a str>,
    traps: Vec<(u32, unsafe extern "C" fn(*const Machine))>,
}
