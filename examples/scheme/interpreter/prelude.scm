;;; What is written in Scheme itself: syntax that stands for other syntax, and procedures that call
;;; procedures. Names that begin with % are for this file.

;; Syntax

(define-syntax and
  (syntax-rules ()
    ((_) #t)
    ((_ last) last)
    ((_ first rest ...) (if first (and rest ...) #f))))

(define-syntax or
  (syntax-rules ()
    ((_) #f)
    ((_ last) last)
    ((_ first rest ...) (let ((value first)) (if value value (or rest ...))))))

(define-syntax when
  (syntax-rules () ((_ test step ...) (if test (begin step ...)))))

(define-syntax unless
  (syntax-rules () ((_ test step ...) (if test (begin) (begin step ...)))))

(define-syntax let*
  (syntax-rules ()
    ((_ () body ...) (let () body ...))
    ((_ (first rest ...) body ...) (let (first) (let* (rest ...) body ...)))))

(define-syntax cond
  (syntax-rules (else =>)
    ((_) (begin))
    ((_ (else step ...)) (begin step ...))
    ((_ (test => receiver) clause ...)
     (let ((value test)) (if value (receiver value) (cond clause ...))))
    ((_ (test) clause ...) (let ((value test)) (if value value (cond clause ...))))
    ((_ (test step ...) clause ...) (if test (begin step ...) (cond clause ...)))))

(define-syntax case
  (syntax-rules (else =>)
    ((_ (key ...) clause ...) (let ((value (key ...))) (case value clause ...)))
    ((_ key) (begin))
    ((_ key (else => receiver)) (receiver key))
    ((_ key (else step ...)) (begin step ...))
    ((_ key ((datum ...) => receiver) clause ...)
     (if (memv key '(datum ...)) (receiver key) (case key clause ...)))
    ((_ key ((datum) step ...) clause ...)
     (if (eqv? key 'datum) (begin step ...) (case key clause ...)))
    ((_ key ((datum ...) step ...) clause ...)
     (if (memv key '(datum ...)) (begin step ...) (case key clause ...)))))

(define-syntax do
  (syntax-rules ()
    ((_ ((name start step ...) ...) (test result ...) command ...)
     (let loop ((name start) ...)
       (if test
           (begin (if #f #f) result ...)
           (begin command ... (loop (%step name step ...) ...)))))))

(define-syntax %step
  (syntax-rules () ((_ name) name) ((_ name step) step)))

(define-syntax let-values
  (syntax-rules ()
    ((_ bindings body ...) (%let-values bindings () body ...))))

;; All values first, under names of our own, then the names.
(define-syntax %let-values
  (syntax-rules ()
    ((_ () ((name temporary) ...) body ...) (let ((name temporary) ...) body ...))
    ((_ ((formals producer) rest ...) renamed body ...)
     (%rename-values formals () producer (rest ...) renamed body ...))))

(define-syntax %rename-values
  (syntax-rules ()
    ((_ () (temporary ...) producer rest renamed body ...)
     (call-with-values (lambda () producer)
       (lambda (temporary ...) (%let-values rest renamed body ...))))
    ((_ (name . names) (temporary ...) producer rest (pair ...) body ...)
     (%rename-values names (temporary ... fresh) producer rest (pair ... (name fresh)) body ...))
    ((_ name (temporary ...) producer rest (pair ...) body ...)
     (call-with-values (lambda () producer)
       (lambda (temporary ... . fresh) (%let-values rest (pair ... (name fresh)) body ...))))))

(define-syntax let*-values
  (syntax-rules ()
    ((_ () body ...) (let () body ...))
    ((_ (first rest ...) body ...) (let-values (first) (let*-values (rest ...) body ...)))))

(define-syntax receive
  (syntax-rules ()
    ((_ formals producer body ...) (call-with-values (lambda () producer) (lambda formals body ...)))))

(define-syntax define-values
  (syntax-rules ()
    ((_ () producer) (begin producer))
    ((_ (name ...) producer)
     (begin
       (define name #f) ...
       (%set-values! (name ...) () producer)))))

(define-syntax %set-values!
  (syntax-rules ()
    ((_ () ((name temporary) ...) producer)
     (call-with-values (lambda () producer) (lambda (temporary ...) (set! name temporary) ...)))
    ((_ (first rest ...) (pair ...) producer)
     (%set-values! (rest ...) (pair ... (first temporary)) producer))))

(define-syntax case-lambda
  (syntax-rules ()
    ((_ (formals body ...) ...)
     (lambda arguments
       (%case-lambda arguments (length arguments) (formals body ...) ...)))))

(define-syntax %case-lambda
  (syntax-rules ()
    ((_ arguments count) (error "case-lambda: no clause takes so many arguments" count))
    ((_ arguments count (formals body ...) clause ...)
     (if (%fits? count 'formals)
         (apply (lambda formals body ...) arguments)
         (%case-lambda arguments count clause ...)))))

(define (%fits? count formals)
  (if (pair? formals)
      (if (= count 0) #f (%fits? (- count 1) (cdr formals)))
      (if (null? formals) (= count 0) #t)))

(define-syntax assert
  (syntax-rules () ((_ claim) (if claim (begin) (error "this does not hold" 'claim)))))

;; Lists

(define (caadr list) (car (cadr list)))
(define (cddar list) (cdr (cdar list)))
(define (cdadr list) (cdr (cadr list)))
(define (cadar list) (car (cdar list)))

(define (%map-1 procedure list)
  (let loop ((list list) (done '()))
    (if (pair? list)
        (loop (cdr list) (cons (procedure (car list)) done))
        (reverse done))))

(define (%any-null? lists)
  (cond ((null? lists) #f)
        ((pair? (car lists)) (%any-null? (cdr lists)))
        (else #t)))

(define (map procedure first . rest)
  (if (null? rest)
      (%map-1 procedure first)
      (let loop ((lists (cons first rest)) (done '()))
        (if (%any-null? lists)
            (reverse done)
            (loop (%map-1 cdr lists) (cons (apply procedure (%map-1 car lists)) done))))))

(define (for-each procedure first . rest)
  (if (null? rest)
      (let loop ((list first))
        (when (pair? list)
          (procedure (car list))
          (loop (cdr list))))
      (let loop ((lists (cons first rest)))
        (unless (%any-null? lists)
          (apply procedure (%map-1 car lists))
          (loop (%map-1 cdr lists))))))

(define (append-map procedure list) (apply append (map procedure list)))

(define (filter wanted? list)
  (let loop ((list list) (done '()))
    (cond ((null? list) (reverse done))
          ((wanted? (car list)) (loop (cdr list) (cons (car list) done)))
          (else (loop (cdr list) done)))))

(define (fold-left combine start list)
  (if (null? list) start (fold-left combine (combine start (car list)) (cdr list))))

(define (fold-right combine start list)
  (fold-left (lambda (done item) (combine item done)) start (reverse list)))

(define (fold combine start list)
  (fold-left (lambda (done item) (combine item done)) start list))

(define (reduce combine start list)
  (if (null? list) start (fold combine (car list) (cdr list))))

(define (iota count . more)
  (let ((start (if (pair? more) (car more) 0))
        (step (if (and (pair? more) (pair? (cdr more))) (cadr more) 1)))
    (let loop ((n (- count 1)) (done '()))
      (if (< n 0) done (loop (- n 1) (cons (+ start (* n step)) done))))))

(define (list-index wanted? list)
  (let loop ((list list) (n 0))
    (cond ((null? list) #f) ((wanted? (car list)) n) (else (loop (cdr list) (+ n 1))))))

(define (list-head list n)
  (if (= n 0) '() (cons (car list) (list-head (cdr list) (- n 1)))))

(define (last-pair list) (if (pair? (cdr list)) (last-pair (cdr list)) list))

(define (member item list . same)
  (if (null? same)
      (%member item list)
      (let loop ((list list))
        (cond ((null? list) #f) (((car same) item (car list)) list) (else (loop (cdr list)))))))

(define (assoc key list . same)
  (if (null? same)
      (%assoc key list)
      (let loop ((list list))
        (cond ((null? list) #f) (((car same) key (caar list)) (car list)) (else (loop (cdr list)))))))

;; A merge sort, which keeps the order of equals.
(define (sort list before?)
  (define (merge one other)
    (let loop ((one one) (other other) (done '()))
      (cond ((null? one) (append (reverse done) other))
            ((null? other) (append (reverse done) one))
            ((before? (car other) (car one)) (loop one (cdr other) (cons (car other) done)))
            (else (loop (cdr one) other (cons (car one) done))))))
  (define (sorted list count)
    (if (< count 2)
        (list-head list count)
        (let ((half (quotient count 2)))
          (merge (sorted list half) (sorted (list-tail list half) (- count half))))))
  (sorted list (length list)))

(define (vector-map procedure first . rest)
  (list->vector (apply map procedure (vector->list first) (map vector->list rest))))

(define (vector-for-each procedure first . rest)
  (apply for-each procedure (vector->list first) (map vector->list rest)))

(define (string-for-each procedure first . rest)
  (apply for-each procedure (string->list first) (map string->list rest)))

(define (string-map procedure first . rest)
  (list->string (apply map procedure (string->list first) (map string->list rest))))

(define (boolean=? one other) (eq? one other))

;; Several values, and ways out and back in

(define (call-with-values producer consumer) (%apply-values consumer (producer)))

(define (dynamic-wind before thunk after)
  (before)
  (let ((outside (%winds)))
    (%set-winds! (cons (cons before after) outside))
    (call-with-values thunk
      (lambda results
        (%set-winds! outside)
        (after)
        (apply values results)))))

;; Goes to a continuation by way of the afters and befores in between.
(define (%travel continuation winds values)
  (%rewind winds)
  (%throw continuation values))

(define (%rewind to)
  (let ((from (%winds)))
    (cond ((eq? from to))
          ((> (length from) (length to))
           (%set-winds! (cdr from))
           ((cdar from))
           (%rewind to))
          (else
           (%rewind (cdr to))
           ((caar to))
           (%set-winds! to)))))

;; Exceptions

(define (%with-handlers handlers thunk)
  (let ((outside (%handlers)))
    (dynamic-wind
      (lambda () (%set-handlers! handlers))
      thunk
      (lambda () (%set-handlers! outside)))))

(define (with-exception-handler handler thunk)
  (%with-handlers (cons handler (%handlers)) thunk))

;; What the machine calls when something is raised and there is a handler.
(define (%signal raised)
  (let ((handlers (%handlers)))
    (%with-handlers (cdr handlers)
      (lambda ()
        ((car handlers) raised)
        (if (null? (cdr handlers))
            (%uncaught raised)
            (error "a handler returned to where nothing can go on" raised))))))

(define (raise-continuable raised)
  (let ((handlers (%handlers)))
    (if (null? handlers)
        (%uncaught raised)
        (%with-handlers (cdr handlers) (lambda () ((car handlers) raised))))))

;; The clauses are tried where the guard stands; if none holds, it is raised once more from there.
(define-syntax guard
  (syntax-rules ()
    ((_ (name clause ...) body ...)
     ((call/cc
        (lambda (leave)
          (with-exception-handler
            (lambda (name)
              (leave (lambda () (%guard-clauses name clause ...))))
            (lambda ()
              (call-with-values (lambda () body ...)
                (lambda results (leave (lambda () (apply values results)))))))))))))

(define-syntax %guard-clauses
  (syntax-rules (else)
    ((_ name clause ... (else step ...)) (cond clause ... (else step ...)))
    ((_ name clause ...) (cond clause ... (else (raise-continuable name))))))

;; Parameters

(define %parameter-set (vector 'set))

(define (make-parameter value . converter)
  (let* ((convert (if (null? converter) (lambda (value) value) (car converter)))
         (value (convert value)))
    (lambda arguments
      (cond ((null? arguments) value)
            ((eq? (car arguments) %parameter-set) (set! value (cadr arguments)))
            (else (convert (car arguments)))))))

(define-syntax parameterize
  (syntax-rules ()
    ((_ ((parameter value) ...) body ...)
     (%with-parameters (list (cons parameter value) ...) (lambda () body ...)))))

(define (%with-parameters bindings thunk)
  (let ((values (map (lambda (binding) ((car binding) (cdr binding))) bindings)))
    (define (exchange)
      (set! values
        (map (lambda (binding value)
               (let ((old ((car binding))))
                 ((car binding) %parameter-set value)
                 old))
             bindings values)))
    (dynamic-wind exchange thunk exchange)))

;; Records

(define-syntax define-record-type
  (syntax-rules ()
    ((_ name #f is? field ...) (%define-record name is? field ...))
    ((_ name (make given ...) is? field ...)
     (begin
       (%define-record name is? field ...)
       (define make
         (let ((places (map (lambda (wanted) (%record-index name wanted)) '(given ...))))
           (lambda (given ...) (%make-record name places given ...))))))))

(define-syntax %define-record
  (syntax-rules ()
    ((_ name is? (field . procedures) ...)
     (begin
       (define name (%make-record-type 'name '(field ...)))
       (define (is? object) (%record? object name))
       (%define-field name field . procedures) ...))))

(define-syntax %define-field
  (syntax-rules ()
    ((_ name field) (begin))
    ((_ name field get)
     (define get
       (let ((place (%record-index name 'field)))
         (lambda (record) (%record-field record name place)))))
    ((_ name field get set)
     (begin
       (%define-field name field get)
       (define set
         (let ((place (%record-index name 'field)))
           (lambda (record value) (%record-field record name place value))))))))

;; Promises: a box, shared by all promises that came to be one.

(define-record-type promise (%make-promise box) promise? (box %promise-box %set-promise-box!))

(define-syntax delay-force
  (syntax-rules () ((_ expression) (%make-promise (cons #f (lambda () expression))))))

(define-syntax delay
  (syntax-rules () ((_ expression) (delay-force (make-promise expression)))))

(define-syntax cons-stream
  (syntax-rules () ((_ first rest) (cons first (delay rest)))))

(define (make-promise value)
  (if (promise? value) value (%make-promise (cons #t value))))

(define (force promise)
  (if (promise? promise)
      (let loop ()
        (let ((box (%promise-box promise)))
          (if (car box)
              (cdr box)
              (let ((next ((cdr box))))
                ;; The thunk may have forced the promise itself.
                (let ((box (%promise-box promise)))
                  (unless (car box)
                    (let ((next-box (%promise-box next)))
                      (set-car! box (car next-box))
                      (set-cdr! box (cdr next-box))
                      (%set-promise-box! next box))))
                (loop)))))
      promise))
