print("infwidth")
