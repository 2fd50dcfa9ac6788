;;; Macros that keep to themselves: what a template binds the program does not see, and what a template means
;;; the program cannot change.

(define-syntax swap!
  (syntax-rules ()
    ((_ one other) (let ((held one)) (set! one other) (set! other held)))))

(let ((held 1) (other 2))
  (swap! held other)
  (write (list held other))
  (newline))

(define-syntax my-or
  (syntax-rules ()
    ((_) #f)
    ((_ last) last)
    ((_ first rest ...) (let ((value first)) (if value value (my-or rest ...))))))

(let ((value 5) (if list))
  (write (my-or #f value))
  (newline))

;; A word that a macro looks for is only that word where it means the same.
(define (told else) (cond (else 'taken) (#t 'left)))
(write (list (told #t) (told #f)))
(newline)

;; Ellipses below ellipses, behind them, and quoted.
(define-syntax let-all
  (syntax-rules ()
    ((_ ((name value) ...) body ... last) ((lambda (name ...) body ... last) value ...))))

(define-syntax columns
  (syntax-rules () ((_ (head item ...) ...) '((head ...) (item ... ...)))))

(define-syntax be-like-begin
  (syntax-rules ()
    ((_ name)
     (define-syntax name
       (syntax-rules () ((_ step (... ...)) (let () step (... ...))))))))

(be-like-begin sequence)

(write (let-all ((a 1) (b 2)) 'skipped (+ a b)))
(write (columns (a 1 2) (b 3) (c)))
(write (sequence 1 2 3))
(newline)

;; Definitions that a macro writes, at the top and in a body.
(define-syntax define-getter
  (syntax-rules () ((_ name value) (begin (define hidden value) (define (name) hidden)))))

(define (two)
  (define-getter one 1)
  (define-getter other 2)
  (+ (one) (other)))
(write (two))

(define-syntax while
  (syntax-rules ()
    ((_ test step ...) (let loop () (when test step ... (loop))))))

(let ((n 0) (loop 'mine))
  (while (< n 3) (set! n (+ n 1)))
  (write (list n loop)))

(define-syntax vectors
  (syntax-rules () ((_ #(a b ...) ...) '((a ...) #(b ... ...)))))
(write (vectors #(1 2 3) #(4)))
(newline)

;; Local syntax, one that leads to the other.
(letrec-syntax ((even-count (syntax-rules () ((_) #t) ((_ one rest ...) (odd-count rest ...))))
                (odd-count (syntax-rules () ((_) #f) ((_ one rest ...) (even-count rest ...)))))
  (write (list (even-count a b c d) (even-count a b c))))
(newline)
