;;; Exceptions: raised, handled, passed on, and what is done on the way out.

(define (attempt thunk)
  (guard (problem
           ((string? problem) (list 'text problem))
           ((symbol? problem) (list 'symbol problem))
           ((error-object? problem)
            (list 'error (error-object-message problem) (error-object-irritants problem))))
    (thunk)))

(define (show value) (write value) (newline))

(show (attempt (lambda () 'fine)))
(show (attempt (lambda () (raise "words"))))
(show (attempt (lambda () (raise 'oops))))
(show (attempt (lambda () (error "too much of" 1 "and" 'two))))
(show (attempt (lambda () (car 5))))
(show (attempt (lambda () (vector-ref (vector 1 2) 2))))
(show (attempt (lambda () (undefined-name))))
(show (attempt (lambda () ((lambda (x) x)))))
(show (attempt (lambda () (+ 9223372036854775807 1))))
(show (attempt (lambda () (letrec ((a b) (b 1)) a))))

;; What no clause takes goes on outwards.
(show (guard (problem ((number? problem) (list 'outer problem)))
        (attempt (lambda () (raise 42)))))

;; A handler that answers.
(show (with-exception-handler
        (lambda (question) (if (eq? question 'how-many) 3 0))
        (lambda () (* 2 (raise-continuable 'how-many)))))

;; A handler runs with the handlers outside of it.
(show (attempt
        (lambda ()
          (with-exception-handler
            (lambda (problem) (raise (symbol-append 'outer- problem)))
            (lambda ()
              (with-exception-handler
                (lambda (problem) (raise (symbol-append 'inner- problem)))
                (lambda () (raise 'first))))))))

;; The way out leads through the afters, the way back in through the befores.
(define trail '())
(define (note word) (set! trail (cons word trail)))
(define (noted before thunk after)
  (dynamic-wind (lambda () (note before)) thunk (lambda () (note after))))

(attempt (lambda () (noted 'in-1 (lambda () (noted 'in-2 (lambda () (raise 'out)) 'out-2)) 'out-1)))
(show (reverse trail))

(set! trail '())
(define back #f)
(noted 'in (lambda () (call/cc (lambda (here) (set! back here))) (note 'inside)) 'out)
(if (< (length trail) 6) (back #f))
(show (reverse trail))

;; Parameters are as they were before.
(define depth (make-parameter 0 (lambda (n) (* n 2))))
(show (list (depth) (parameterize ((depth 5)) (depth)) (depth)))
(attempt (lambda () (parameterize ((depth 7)) (raise 'out))))
(show (depth))
