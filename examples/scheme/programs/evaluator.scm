;;; An evaluator of a small Scheme, in Scheme: environments are lists of frames, closures hold them, and
;;; they hold the closures.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 12 (string->number (car arguments)))))

(define (lookup name environment)
  (cond ((null? environment) (error "unknown" name))
        ((assq name (car environment)))
        (else (lookup name (cdr environment)))))

(define (evaluate form environment)
  (cond ((symbol? form) (cdr (lookup form environment)))
        ((not (pair? form)) form)
        (else
          (case (car form)
            ((quote) (cadr form))
            ((if) (evaluate (if (evaluate (cadr form) environment) (caddr form) (cadddr form))
                            environment))
            ((lambda) (list 'closure (cadr form) (cddr form) environment))
            ((define)
             (set-car! environment
               (cons (cons (cadr form) (evaluate (caddr form) environment)) (car environment))))
            ((set!) (set-cdr! (lookup (cadr form) environment) (evaluate (caddr form) environment)))
            (else
              (enter (evaluate (car form) environment)
                     (map (lambda (form) (evaluate form environment)) (cdr form))))))))

(define (enter procedure arguments)
  (if (procedure? procedure)
      (apply procedure arguments)
      (let ((environment (cons (map cons (cadr procedure) arguments) (cadddr procedure))))
        (let step ((forms (caddr procedure)))
          (if (null? (cdr forms))
              (evaluate (car forms) environment)
              (begin (evaluate (car forms) environment) (step (cdr forms))))))))

(define global
  (list (map cons '(+ - * < = cons car cdr null? list) (list + - * < = cons car cdr null? list))))

(for-each
  (lambda (form) (evaluate form global))
  '((define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))
    (define map
      (lambda (procedure items)
        (if (null? items) '() (cons (procedure (car items)) (map procedure (cdr items))))))
    (define counter
      (lambda (count)
        (define step (lambda (by) (set! count (+ count by)) count))
        step))
    (define count (counter 10))))

(write (evaluate (list 'fib size) global))
(newline)
(write (evaluate '(map (lambda (n) (* n n)) '(1 2 3 4)) global))
(newline)
(write (evaluate '(list (count 1) (count 5)) global))
(newline)
