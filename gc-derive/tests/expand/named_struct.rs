#[derive(Trace)]
struct Node {
    parent: Weak<Node>,
    children: Vec<Gc<Node>>,
    siblings: Vec<Gc<Node>>, // of the same type as above: asked once
    r#type: String,
    #[trace(skip)]
    observer: Rc<dyn Fn(&Node)>,
    callback: fn(&Node),
}
