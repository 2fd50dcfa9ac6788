;;; Depth costs memory, and no stack: lists of lists of lists, and calls that wait for calls.

(define (nest n)
  (let loop ((n n) (list '()))
    (if (= n 0) list (loop (- n 1) (cons list '())))))

(define (depth list)
  (let loop ((list list) (n 0))
    (if (null? list) n (loop (car list) (+ n 1)))))

(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))

(define deep (nest 100000))
(write (depth deep))
(newline)
(write (equal? deep (nest 100000)))
(write (equal? deep (nest 99999)))
(newline)
(write (count 100000))
(newline)

;; Circles have an end for those who look.
(define (circle n)
  (let ((items (iota n)))
    (set-cdr! (last-pair items) items)
    items))

(write (circle 3))
(write (equal? (circle 2) (circle 2)))
(write (equal? (circle 2) (circle 4)))
(write (list? (circle 5)))
(newline)

;; A loop is no depth.
(define (loop n) (if (= n 0) 'done (loop (- n 1))))
(write (loop 100000))
(define (even-number? n) (if (= n 0) #t (odd-number? (- n 1))))
(define (odd-number? n) (if (= n 0) #f (even-number? (- n 1))))
(write (even-number? 100001))
(define (around n) (if (= n 0) 'around (call/cc (lambda (here) (around (- n 1))))))
(write (around 10000))
(write (do ((n 0 (+ n 1))) ((= n 10000) n) (guard (e (#t #f)) (raise n))))
(newline)
