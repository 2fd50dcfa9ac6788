;;; Fibonacci's numbers, by the definition: calls and small sums.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 18 (string->number (car arguments)))))

(define (fib n)
  (if (< n 2)
      n
      (+ (fib (- n 1)) (fib (- n 2)))))

(display (list 'fib size '= (fib size)))
(newline)
