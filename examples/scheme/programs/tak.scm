;;; Takeuchi's function: calls with three arguments.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 1 (string->number (car arguments)))))

(define (tak x y z)
  (if (< y x)
      (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))
      z))

(do ((round 0 (+ round 1))) ((= round size))
  (write (tak 14 9 4))
  (newline))
