;;; Trees of many sizes, made and dropped beside some that live long. The nodes know their parents, so a tree
;;; is full of cycles: over `Rc`, none is ever freed.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 8 (string->number (car arguments)))))

(define-record-type node
  (make-node parent left right)
  node?
  (parent node-parent)
  (left node-left set-left!)
  (right node-right set-right!))

;; From the root down: each node is there before its children.
(define (populate! depth node)
  (when (> depth 0)
    (set-left! node (make-node node #f #f))
    (set-right! node (make-node node #f #f))
    (populate! (- depth 1) (node-left node))
    (populate! (- depth 1) (node-right node))))

(define (make-tree depth)
  (let ((root (make-node #f #f #f)))
    (populate! depth root)
    root))

(define (count-nodes node)
  (if node
      (+ 1 (count-nodes (node-left node)) (count-nodes (node-right node)))
      0))

(define (depth-of node)
  (if (node-parent node) (+ 1 (depth-of (node-parent node))) 0))

(define (leftmost node)
  (if (node-left node) (leftmost (node-left node)) node))

(define long-lived (make-tree size))
(define array (make-vector 1000 0.0))
(do ((n 1 (+ n 1))) ((= n 1000)) (vector-set! array n (/ 1.0 n)))

(do ((depth 2 (+ depth 2))) ((> depth size))
  (let ((trees (quotient (expt 2 (+ size 1)) (expt 2 depth))))
    (do ((n 0 (+ n 1)) (nodes 0 (+ nodes (count-nodes (make-tree depth)))))
        ((= n trees)
         (write (list trees 'trees 'of 'depth depth nodes 'nodes))
         (newline)))))

(write (list 'long-lived: (count-nodes long-lived) (depth-of (leftmost long-lived))))
(newline)
(write (vector-ref array 500))
(newline)
