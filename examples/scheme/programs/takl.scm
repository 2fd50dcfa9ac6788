;;; Takeuchi's function once more; the numbers are the lengths of lists.

(define size
  (let ((arguments (cdr (command-line))))
    (if (null? arguments) 1 (string->number (car arguments)))))

(define (count-down n)
  (if (= n 0) '() (cons n (count-down (- n 1)))))

(define (shorter? one other)
  (and (pair? other)
       (or (null? one) (shorter? (cdr one) (cdr other)))))

(define (takl x y z)
  (if (shorter? y x)
      (takl (takl (cdr x) y z) (takl (cdr y) z x) (takl (cdr z) x y))
      z))

(do ((round 0 (+ round 1))) ((= round size))
  (write (length (takl (count-down 12) (count-down 8) (count-down 4))))
  (newline))
