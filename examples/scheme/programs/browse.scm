;;; A data base of patterns, browsed for what matches: symbols, property lists, lists compared.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 10 (string->number (car arguments)))))

(define seed 74755)

(define (random n)
  (set! seed (modulo (+ (* seed 1309) 13849) 65536))
  (modulo seed n))

(define properties '())

(define (property name key)
  (let ((all (assq name properties)))
    (let ((found (and all (assq key (cdr all)))))
      (and found (cdr found)))))

(define (set-property! name key value)
  (let ((all (or (assq name properties)
                 (begin (set! properties (cons (list name) properties)) (car properties)))))
    (let ((found (assq key (cdr all))))
      (if found
          (set-cdr! found value)
          (set-cdr! all (cons (cons key value) (cdr all)))))))

(define (name-number n)
  (string->symbol (string-append "unit-" (number->string n))))

(define atoms '(a b c d))

(define (random-datum depth)
  (if (or (= depth 0) (= (random 3) 0))
      (list-ref atoms (random 4))
      (let loop ((n (+ 1 (random 4))) (items '()))
        (if (= n 0) items (loop (- n 1) (cons (random-datum (- depth 1)) items))))))

(define units
  (map (lambda (n)
         (let ((unit (name-number n)))
           (set-property! unit 'data (map (lambda (_) (random-datum 3)) (iota 8)))
           unit))
       (iota size)))

;; ?x is one datum, the same wherever it stands; *x is any number of them.
(define (kind word)
  (if (symbol? word) (string-ref (symbol->string word) 0) #\space))

(define (match pattern datum known)
  (cond ((null? pattern) (and (null? datum) known))
        ((not (pair? pattern)) (and (match-one pattern datum known)))
        ((char=? (kind (car pattern)) #\*)
         (let ((bound (assq (car pattern) known)))
           (let try ((taken '()) (rest datum))
             (or (and (or (not bound) (equal? (cdr bound) taken))
                      (match (cdr pattern) rest (cons (cons (car pattern) taken) known)))
                 (and (pair? rest)
                      (try (append taken (list (car rest))) (cdr rest)))))))
        ((pair? datum)
         (let ((known (match-one (car pattern) (car datum) known)))
           (and known (match (cdr pattern) (cdr datum) known))))
        (else #f)))

(define (match-one pattern datum known)
  (cond ((pair? pattern) (and (pair? datum) (match pattern datum known)))
        ((char=? (kind pattern) #\?)
         (let ((bound (assq pattern known)))
           (if bound
               (and (equal? (cdr bound) datum) known)
               (cons (cons pattern datum) known))))
        (else (and (eq? pattern datum) known))))

(define (browse patterns)
  (for-each
    (lambda (pattern)
      (let ((found 0) (looked 0))
        (for-each
          (lambda (unit)
            (for-each
              (lambda (datum)
                (set! looked (+ looked 1))
                (when (and (pair? datum) (match pattern datum '()))
                  (set! found (+ found 1))))
              (property unit 'data)))
          units)
        (write (list pattern found 'of looked))
        (newline)))
    patterns))

(browse '((a *x) (*x b *y) (?x *y ?x) (*x ?y *x) ((*x) *y) (*a ?b *c ?b *d) (*x (*y d) *x)))
