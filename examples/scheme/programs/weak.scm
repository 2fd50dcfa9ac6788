;;; What a program may know of its objects' deaths: weak pairs, guardians, and the collector by hand.

(define-record-type file
  (make-file name self)
  file?
  (name file-name)
  (self file-self set-file-self!))

(define (show . words)
  (for-each (lambda (word) (display word) (display " ")) words)
  (newline))

;; A weak pair does not keep its car. What no cycle holds dies at once.
(define thing (list 1 2 3))
(define watch (weak-cons thing 'rest))
(show "alive:" (weak-car watch) (weak-cdr watch))
(set! thing #f)
(show "dropped:" (weak-car watch))

;; What a cycle holds waits for the sweep.
(define (circle)
  (let ((items (list 'a 'b)))
    (set-cdr! (cdr items) items)
    items))
(define round (circle))
(set! watch (weak-cons round #f))
(set! round #f)
(show "a cycle, before:" (pair? (weak-car watch)))
(show "swept:" (>= (gc) 2))
(show "a cycle, after:" (weak-car watch))

;; A guardian has the record back before it goes, whole, once in its life.
(define guardian (make-guardian))
(define (open-and-forget name)
  (let ((file (make-file name #f)))
    (set-file-self! file file)
    (guardian file)))
(open-and-forget "a.txt")
(show "nothing yet:" (guardian))
(gc)
(let ((file (guardian)))
  (show "to be closed:" (file-name file) (eq? file (file-self file))))
(gc)
(show "and no more:" (guardian))

;; Of any other object, a token tells.
(define table (vector 1 2 3))
(guardian table 'the-table)
(show "alive:" (guardian))
(set! table #f)
(show "dead:" (guardian))

;; Symbols are objects, too: those that nothing mentions are forgotten.
(define (symbols) (cdr (assq 'symbols (gc-stats))))
(define (name n) (string->symbol (string-append "name-" (number->string n))))
(define (forgotten)
  (let* ((before (symbols)) (made (map name (iota 100))))
    (show "symbols made:" (- (symbols) before) (eq? (car made) (name 0)))
    (set! made #f)
    (show "left:" (- (symbols) before))))
(forgotten)
