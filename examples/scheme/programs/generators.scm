;;; Generators: a producer and a consumer enter each other's continuations again and again.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 50 (string->number (car arguments)))))

(define (generator produce)
  (define return #f)
  (define (resume ignored)
    (produce (lambda (item)
               (call/cc (lambda (here)
                          (set! resume here)
                          (return item)))))
    (return 'done))
  (lambda ()
    (call/cc (lambda (caller)
               (set! return caller)
               (resume #f)))))

(define (leaves tree)
  (generator
    (lambda (yield)
      (let walk ((tree tree))
        (cond ((null? tree))
              ((pair? tree) (walk (car tree)) (walk (cdr tree)))
              (else (yield tree)))))))

(define (same-fringe? one other)
  (let ((one (leaves one)) (other (leaves other)))
    (let compare ()
      (let ((a (one)) (b (other)))
        (cond ((not (eqv? a b)) #f)
              ((eq? a 'done) #t)
              (else (compare)))))))

(define (right-deep from to)
  (if (= from to) (list to) (cons from (right-deep (+ from 1) to))))

(define (left-deep from to)
  (if (= from to) to (cons (left-deep from (- to 1)) to)))

(write (same-fringe? (right-deep 1 size) (left-deep 1 size)))
(write (same-fringe? (right-deep 1 size) (left-deep 1 (+ size 1))))
(write (same-fringe? '(1 (2 (3)) 4) '((1 2) 3 4)))
(newline)

;; A puzzle, by going back to where a choice was made.
(define choices '())

(define (fail)
  (if (null? choices)
      'none
      (let ((next (car choices)))
        (set! choices (cdr choices))
        (next))))

(define (choose from to)
  (call/cc
    (lambda (here)
      (let try ((n from))
        (if (> n to)
            (fail)
            (begin
              (call/cc (lambda (again)
                         (set! choices (cons (lambda () (again #f)) choices))
                         (here n)))
              (try (+ n 1))))))))

(define (demand claim) (unless claim (fail)))

(let* ((a (choose 1 20)) (b (choose a 20)) (c (choose b 20)))
  (demand (= (* c c) (+ (* a a) (* b b))))
  (demand (> a 4))
  (write (list a b c))
  (newline))

;; A continuation that is entered once more finds its locals as they were.
(define (totals)
  (let ((again #f) (all '()))
    (define (total)
      (let* ((first 1) (second (call/cc (lambda (here) (set! again here) 2))))
        (+ first second)))
    (set! all (cons (total) all))
    (if (< (length all) 4) (again (* 10 (length all))))
    (reverse all)))
(write (totals))
(newline)
