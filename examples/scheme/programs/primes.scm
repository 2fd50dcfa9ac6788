;;; Primes, three ways: a sieve in a vector, a sieve of closures, an endless stream.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 200 (string->number (car arguments)))))

(define (sieve limit)
  (let ((composite? (make-vector (+ limit 1) #f)))
    (let next ((n 2) (found '()))
      (cond ((> n limit) (reverse found))
            ((vector-ref composite? n) (next (+ n 1) found))
            (else
              (do ((k (* n n) (+ k n))) ((> k limit))
                (vector-set! composite? k #t))
              (next (+ n 1) (cons n found)))))))

(define (filters limit)
  (let next ((n 2) (prime? (lambda (n) #t)) (found '()))
    (cond ((> n limit) (reverse found))
          ((prime? n)
           (next (+ n 1)
                 (lambda (k) (and (not (= 0 (remainder k n))) (prime? k)))
                 (cons n found)))
          (else (next (+ n 1) prime? found)))))

(define (naturals n) (cons-stream n (naturals (+ n 1))))

(define (keep wanted? stream)
  (let ((tail (force (cdr stream))))
    (if (wanted? (car stream))
        (cons-stream (car stream) (keep wanted? tail))
        (keep wanted? tail))))

(define (primes stream)
  (let ((prime (car stream)))
    (cons-stream prime
      (primes (keep (lambda (n) (not (= 0 (modulo n prime)))) (force (cdr stream)))))))

(define (take n stream)
  (if (= n 0) '() (cons (car stream) (take (- n 1) (force (cdr stream))))))

(define found (sieve size))
(write found)
(newline)
(write (equal? found (filters size)))
(write (equal? (list-head found 20) (take 20 (primes (naturals 2)))))
(newline)
